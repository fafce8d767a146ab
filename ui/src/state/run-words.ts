// How a run stands, in a word and a number: the same wherever runs are listed.

import type { RunState } from '../backend';
import { count, plural } from '../format';
import type { IconName } from '../icons';
import { type Counts, donePercent, GOOD_PERCENT, successPercent } from './run-progress';

export interface RunWords {
  word: string;
  /** "1,217 of 1,240" pages; while it runs "64%"; empty before any page is sent. */
  amount: string;
  tone: 'ok' | 'warn' | 'bad' | 'live';
  /** None while it goes on: then something turns. */
  icon: IconName | null;
}

export type RunStanding = Counts & { state: RunState };

export function runWords(run: RunStanding): RunWords {
  const amount = `${count(run.success)} of ${count(run.total)}`;
  switch (run.state) {
    case 'sending':
      return { word: 'Sending', amount: '', tone: 'live', icon: null };
    case 'running':
      return { word: 'Running', amount: `${donePercent(run)}%`, tone: 'live', icon: null };
    case 'finished':
      return { ...finishedWords(run), amount };
    case 'not_started':
      return { word: 'Not started', amount: '', tone: 'bad', icon: 'x-circle' };
    case 'watching_stopped':
      return { word: 'Not watched', amount, tone: 'warn', icon: 'eye-off' };
  }
}

/** "312 of 486 pages done: 289 success, 17 failed": what has none is left out. */
export function barWords(run: Counts): string {
  const waiting = waitingOf(run);
  const parts = [
    `${count(run.success)} success`,
    run.failed > 0 ? `${count(run.failed)} failed` : '',
    run.timed_out > 0 ? `${count(run.timed_out)} timed out` : '',
    waiting > 0 ? `${count(waiting)} waiting` : '',
  ].filter(Boolean);
  return `${count(run.total - waiting)} of ${plural(run.total, 'page')} done: ${parts.join(', ')}`;
}

export function waitingOf({ total, success, failed, timed_out }: Counts): number {
  return Math.max(0, total - success - failed - timed_out);
}

function finishedWords(run: Counts): Pick<RunWords, 'word' | 'tone' | 'icon'> {
  if (run.total > 0 && run.success === 0) {
    return { word: 'All failed', tone: 'bad', icon: 'x-circle' };
  }
  if (run.total > 0 && successPercent(run) < GOOD_PERCENT) {
    const missing = count(run.total - run.success);
    return { word: `${missing} failed`, tone: 'warn', icon: 'alert' };
  }
  return { word: 'Finished', tone: 'ok', icon: 'check-circle' };
}
