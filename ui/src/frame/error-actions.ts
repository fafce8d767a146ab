// Where the way out of a failure leads when the place it happened in has none of its own.

import type { ErrorAction } from '../errors';
import { actions } from '../state/actions.svelte';
import { app } from '../state/app.svelte';
import { scrape } from '../state/scrape.svelte';

const WAYS: Partial<Record<ErrorAction, () => void>> = {
  replace_key: () => (app.account ? app.replaceKey(app.account.id) : app.openSettings('accounts')),
  accounts: () => app.openSettings('accounts'),
  health: () => (app.overlay = 'health'),
  work_here: () => void app.workHere(),
  change_limit: () => app.openSettings('network'),
  any_country: () => actions.run('any-country'),
  ask_country: () => app.openProxies(scrape.form.location),
  sample: () => {
    if (app.start) app.openScrape({ kind: 'address', address: app.start.sample_address });
  },
};

export function canAct(action: ErrorAction): boolean {
  if (action === 'any_country') return actions.has('any-country');
  if (action === 'work_here') return app.localAccount !== null && !app.local;
  return WAYS[action] !== undefined;
}

export function act(action: ErrorAction): void {
  WAYS[action]?.();
}
