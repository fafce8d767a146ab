// What the list of collections says of their last runs.

import type { CollectionRow, LastRunView } from '../../backend';
import { count, when } from '../../format';
import type { IconName } from '../../icons';
import { donePercent, GOOD_PERCENT, successPercent } from '../../state/run-progress';

export interface RunWords {
  word: string;
  /** "1,217 of 1,240" pages; while it runs "64%". */
  amount: string;
  tone: 'ok' | 'warn' | 'bad' | 'live';
  /** None while it runs: then something turns. */
  icon: IconName | null;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function runWords(run: LastRunView): RunWords {
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

/** "Started 7 min ago", "Today, 06:00", "Made on Fri 2 Oct". */
export function whenWords(row: CollectionRow, now: Date): string {
  const run = row.last_run;
  if (!run) return madeWords(row.created_at, now);
  return run.running ? `Started ${ago(run.started_at, now)}` : when(run.started_at, now);
}

/** "Made today", "Made on Fri 2 Oct". */
export function madeWords(unixSeconds: number, now: Date): string {
  const words = when(unixSeconds, now);
  if (words === 'Just now' || words.startsWith('Today')) return 'Made today';
  return words.startsWith('Yesterday') ? 'Made yesterday' : `Made on ${words}`;
}

function finishedWords(run: LastRunView): Pick<RunWords, 'word' | 'tone' | 'icon'> {
  if (run.total > 0 && run.success === 0) {
    return { word: 'All failed', tone: 'bad', icon: 'x-circle' };
  }
  if (run.total > 0 && successPercent(run) < GOOD_PERCENT) {
    const missing = count(run.total - run.success);
    return { word: `${missing} failed`, tone: 'warn', icon: 'alert' };
  }
  return { word: 'Finished', tone: 'ok', icon: 'check-circle' };
}

function ago(unixSeconds: number, now: Date): string {
  const seconds = Math.max(0, Math.floor(now.getTime() / 1000) - unixSeconds);
  if (seconds < MINUTE) return 'just now';
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  const days = Math.floor(seconds / DAY);
  return days === 1 ? '1 day ago' : `${count(days)} days ago`;
}
