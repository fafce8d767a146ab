// An account while it is typed: what the service said to its key, and what must be changed.

import {
  backend,
  type AccountCheck,
  type AccountForm,
  type AccountView,
  type AppError,
  type ErrorCode,
  type KeepKey,
} from '../backend';
import { asAppError, ERROR_WORDS } from '../errors';
import { plural } from '../format';
import { app } from './app.svelte';

export type AccountField = 'name' | 'key' | 'server';

/** Failures that belong under a field rather than in a note of their own. */
const FIELD_OF: Partial<Record<ErrorCode, AccountField>> = {
  key_rejected: 'key',
  key_missing: 'key',
  key_malformed: 'key',
  not_an_api: 'server',
};

export class AccountEntry {
  name = $state('');
  key = $state('');
  server = $state('');
  keep = $state<KeepKey>('keychain');
  checking = $state(false);
  saving = $state(false);
  check = $state.raw<AccountCheck | null>(null);
  error = $state.raw<AppError | null>(null);
  #asked = 0;

  /** The key would cross a network unencrypted. */
  readonly exposed = $derived(
    /^\s*http:\/\/(?!(localhost|127\.[\d.]+|\[::1\])(:|\/|\s*$))/i.test(this.server),
  );

  /** What the service said to the key, in one line. */
  readonly works = $derived(this.check && checkedWords(this.check));

  /** A failure that no field can show. */
  readonly note = $derived.by(() => {
    const error = this.error;
    if (!error || error.code === 'invalid_form' || FIELD_OF[error.code]) return null;
    return error;
  });

  problem(field: AccountField): string {
    const error = this.error;
    if (!error) return '';
    const own = error.problems.find((problem) => problem.field === field)?.message;
    if (own) return own;
    if (FIELD_OF[error.code] !== field) return '';
    const { title, whatToDo } = ERROR_WORDS[error.code];
    return `${title}. ${whatToDo}`;
  }

  /** Something was typed: what was said before holds no more. */
  changed(): void {
    this.#asked += 1;
    this.checking = false;
    this.check = null;
    this.error = null;
  }

  async askService(): Promise<void> {
    this.changed();
    if (!this.key.trim()) return;
    const asked = this.#asked;
    this.checking = true;
    try {
      const check = await backend.checkAccount(this.form());
      if (asked === this.#asked) this.check = check;
    } catch (cause) {
      if (asked === this.#asked) this.error = asAppError(cause);
    } finally {
      if (asked === this.#asked) this.checking = false;
    }
  }

  /** True when the account is kept. */
  async save(send: (form: AccountForm) => Promise<AccountView[]>): Promise<boolean> {
    this.changed();
    this.saving = true;
    try {
      app.accounts = await send(this.form());
      return true;
    } catch (cause) {
      this.error = asAppError(cause);
      return false;
    } finally {
      this.saving = false;
    }
  }

  private form(): AccountForm {
    return { name: this.name.trim(), key: this.key, server: this.server.trim(), keep: this.keep };
  }
}

function checkedWords({ plan, credits }: AccountCheck): string {
  const parts = ['The key works.'];
  if (plan) parts.push(`${plan} plan.`);
  if (typeof credits?.left === 'number') parts.push(`${plural(credits.left, 'credit')} left.`);
  return parts.join(' ');
}
