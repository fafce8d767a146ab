// The dot beside an account: its colour, and the word that goes with it.

import type { AccountView, HealthState } from '../backend';
import type { IconName } from '../icons';

export interface Connection {
  dot: 'ok' | 'warn' | 'bad' | 'off';
  word: string;
}

export function connectionOf(account: AccountView): Connection {
  if (account.kind === 'local') return { dot: 'off', word: 'on this computer' };
  if (account.key_state === 'missing') return { dot: 'bad', word: 'key needed' };
  switch (account.problem) {
    case null:
      return { dot: 'ok', word: 'service is working' };
    case 'rate_limited':
    case 'service_problem':
    case 'no_answer':
      return { dot: 'warn', word: 'service is slow or has a problem' };
    case 'quota_used_up':
      return { dot: 'warn', word: 'no credits left' };
    case 'key_rejected':
    case 'key_missing':
    case 'key_malformed':
      return { dot: 'bad', word: 'check the key' };
    default:
      return { dot: 'bad', word: 'not connected' };
  }
}

/** Short words at the right of the account menu; empty when all is well. */
export function needsLook(account: AccountView): string {
  const { dot, word } = connectionOf(account);
  if (dot !== 'bad') return '';
  if (word === 'check the key') return 'Check key';
  return word === 'key needed' ? 'Key needed' : 'Not connected';
}

export const HEALTH_LOOK: Record<HealthState, { icon: IconName; tone: string; word: string }> = {
  good: { icon: 'check-circle', tone: 'ok', word: 'Working' },
  degraded: { icon: 'alert', tone: 'warn', word: 'Slow' },
  down: { icon: 'x-circle', tone: 'bad', word: 'Not working' },
  offline: { icon: 'wifi-off', tone: 'bad', word: 'Not reached' },
};
