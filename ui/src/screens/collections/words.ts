// When collections were made and run, in words.

import type { CollectionRow } from '../../backend';
import { count, when } from '../../format';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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

function ago(unixSeconds: number, now: Date): string {
  const seconds = Math.max(0, Math.floor(now.getTime() / 1000) - unixSeconds);
  if (seconds < MINUTE) return 'just now';
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  const days = Math.floor(seconds / DAY);
  return days === 1 ? '1 day ago' : `${count(days)} days ago`;
}
