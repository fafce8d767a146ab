// What the foot of the sidebar says about credits. It never guesses.

import type { AccountView } from '../backend';
import { count } from '../format';

export interface Gauge {
  left: number | null;
  /** Of the plan, 0 to 1; null when it can't be drawn. */
  share: number | null;
  low: boolean;
  words: string;
  short: string;
  title: string;
}

const LOW = 0.1;

export function gaugeOf(account: AccountView | null): Gauge {
  const plain = (words: string): Gauge => ({
    left: null,
    share: null,
    low: false,
    words,
    short: '',
    title: words,
  });
  if (!account) return plain('No account yet');
  if (account.kind === 'local') return { ...plain('No credits needed'), short: 'Free' };
  if (account.problem === 'unreachable' || account.problem === 'key_rejected') {
    return plain('Not connected');
  }
  if (!account.credits) return plain('Credits not known yet');
  const { left, limit } = account.credits;
  if (left === null) return plain('Unlimited credits');
  if (limit === null || limit === 0) {
    return { ...plain('credits left'), left, title: `${count(left)} credits left` };
  }
  const share = Math.min(1, left / limit);
  const words = `of ${count(limit)} credits left`;
  return {
    left,
    share,
    low: share < LOW,
    words,
    short: shortCount(left),
    title: `${count(left)} ${words}`,
  };
}

/** "41k", "980", "1.2M". */
function shortCount(value: number): string {
  if (value < 1_000) return `${value}`;
  if (value < 1_000_000) return `${Math.floor(value / 1_000)}k`;
  return `${(value / 1_000_000).toFixed(1)}M`;
}
