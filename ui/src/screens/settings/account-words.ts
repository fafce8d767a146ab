// How an account is described in its list.

import type { AccountView } from '../../backend';
import { ERROR_WORDS } from '../../errors';
import { plural, when } from '../../format';

const SERVICE_HOST = 'api.scrapingpros.com';

/** "AP" of "Acme – production". */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters =
    words.length > 1 ? words.slice(0, 2).map((word) => word.charAt(0)) : [words[0]?.slice(0, 2)];
  return letters.join('').toUpperCase() || '?';
}

export interface AccountNote {
  good: boolean;
  text: string;
}

/** The last thing that is known about it; null before the first answer. */
export function accountNote(account: AccountView): AccountNote | null {
  if (account.kind === 'local') return null;
  if (account.key_state === 'missing') {
    return { good: false, text: 'The key is not at hand. Enter it again.' };
  }
  if (account.problem) {
    const { title, whatToDo } = ERROR_WORDS[account.problem];
    return { good: false, text: `${title}. ${whatToDo}` };
  }
  if (account.checked_at === 0) return null;
  const what = account.kind === 'demo' ? 'The demo works.' : 'The key works.';
  return { good: true, text: `${what} ${creditsWords(account)}` };
}

/** The host of a server of one's own; empty for the service's. */
export function ownServer({ server }: AccountView): string {
  const host = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === SERVICE_HOST ? '' : host;
}

/** "tested just now", "tested today, 14:32". */
export function testedWords(account: AccountView, now: Date = new Date()): string {
  if (account.checked_at === 0) return 'not tested yet';
  return `tested ${lowerFirst(when(account.checked_at, now))}`;
}

export function creditsWords({ credits }: AccountView): string {
  if (!credits) return 'Credits not known yet.';
  if (credits.left === null) return 'Unlimited credits.';
  return `${plural(credits.left, 'credit')} left.`;
}

function lowerFirst(text: string): string {
  return text.replace(/^(Just|Today|Yesterday)/, (word) => word.toLowerCase());
}
