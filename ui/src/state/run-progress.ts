// How far runs have come, and how they ended, in words.

import type { LastRunView, RunSummary } from '../backend';
import { count, plural } from '../format';
import type { ToastInput } from './toasts.svelte';

/** Less success than this needs a look. */
export const GOOD_PERCENT = 90;

export interface Counts {
  total: number;
  success: number;
  failed: number;
  timed_out: number;
}

/** Part of its pages that have come to an end; 100 only when all have. */
export function donePercent({ total, success, failed, timed_out }: Counts): number {
  return percent(success + failed + timed_out, total);
}

export function successPercent({ total, success }: Counts): number {
  return percent(success, total);
}

export function countsOf(run: RunSummary): Counts {
  const { state, queued, submitted, success, failed, timed_out } = run;
  const total = state === 'sending' ? Math.max(queued, submitted) : queued;
  return { total, success, failed, timed_out };
}

/** A run that goes on, as the last run of its collection. */
export function asLastRun(run: RunSummary): LastRunView {
  const { id, number, account_name, local, state, started_at, ended_at } = run;
  return {
    id,
    number,
    account_name,
    local,
    state,
    running: isUnfinished(run),
    started_at,
    ended_at,
    ...countsOf(run),
  };
}

export interface Progress {
  percent: number;
  runs: number;
}

/** All runs that go on, taken together; null when there is none. */
export function progressOf(runs: RunSummary[]): Progress | null {
  if (runs.length === 0) return null;
  const all: Counts = { total: 0, success: 0, failed: 0, timed_out: 0 };
  for (const counts of runs.map(countsOf)) {
    all.total += counts.total;
    all.success += counts.success;
    all.failed += counts.failed;
    all.timed_out += counts.timed_out;
  }
  return { percent: donePercent(all), runs: runs.length };
}

/** "A run is 64% done", "3 runs together are 64% done". */
export function progressWords({ percent, runs }: Progress): string {
  const subject = runs === 1 ? 'A run is' : `${count(runs)} runs together are`;
  return `${subject} ${percent}% done`;
}

/** What is said when a run ends. */
export function endMessage(run: RunSummary): Pick<ToastInput, 'text' | 'tone'> {
  const name = run.collection_name || 'A collection made elsewhere';
  const subject = `${name}, run ${run.number}`;
  const counts = countsOf(run);
  const { success, total } = counts;
  if (run.state === 'not_started') {
    return { text: `${subject} could not be started. Nothing was charged.`, tone: 'bad' };
  }
  const good = successPercent(counts) >= GOOD_PERCENT;
  return {
    text: `${subject}: ${count(success)} of ${plural(total, 'page')} succeeded`,
    tone: good ? 'ok' : success === 0 ? 'bad' : 'plain',
  };
}

/** It is being sent or worked off. */
export function isUnfinished({ state }: Pick<RunSummary, 'state'>): boolean {
  switch (state) {
    case 'sending':
    case 'running':
      return true;
    case 'finished':
    case 'not_started':
    case 'watching_stopped':
      return false;
  }
}

function percent(part: number, total: number): number {
  return total === 0 ? 0 : Math.floor((part * 100) / total);
}
