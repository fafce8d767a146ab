import { describe, expect, test } from 'vitest';

import type { RunSummary } from '../backend';
import {
  asLastRun,
  countsOf,
  donePercent,
  endMessage,
  progressOf,
  progressWords,
} from './run-progress';

const RUN: RunSummary = {
  id: 'r14',
  number: 14,
  collection_id: 'autumn',
  collection_name: 'Autumn price check',
  account_name: 'Acme',
  local: false,
  state: 'running',
  submitted: 500,
  left_out: 6,
  refused: 3,
  duplicates: 5,
  queued: 486,
  success: 289,
  failed: 17,
  timed_out: 6,
  waiting: 174,
  ceiling: 2430,
  credits: 1445,
  refunded: 2,
  started_at: 1_700_000_000,
  ended_at: null,
};

describe('progress', () => {
  test('all pages that came to an end count, whatever their end', () => {
    expect(donePercent(countsOf(RUN))).toBe(64);
  });

  test('is never 100 while a page waits, nor a fraction of nothing', () => {
    expect(donePercent({ total: 1000, success: 999, failed: 0, timed_out: 0 })).toBe(99);
    expect(donePercent({ total: 0, success: 0, failed: 0, timed_out: 0 })).toBe(0);
  });

  test('a run on its way counts the pages of its list', () => {
    const sending: RunSummary = { ...RUN, state: 'sending', queued: 0, success: 0 };
    expect(countsOf(sending).total).toBe(500);
    expect(countsOf({ ...sending, state: 'finished' }).total).toBe(0);
  });

  test('several runs count together, by their pages', () => {
    const small: RunSummary = { ...RUN, queued: 14, success: 14, failed: 0, timed_out: 0 };
    const progress = progressOf([RUN, small]);
    expect(progress).toEqual({ percent: 65, runs: 2 });
    expect(progress && progressWords(progress)).toBe('2 runs together are 65% done');
  });

  test('one run, and none', () => {
    const progress = progressOf([RUN]);
    expect(progress && progressWords(progress)).toBe('A run is 64% done');
    expect(progressOf([])).toBeNull();
  });

  test('a run that goes on shows as the last run of its collection', () => {
    expect(asLastRun(RUN)).toMatchObject({ id: 'r14', running: true, total: 486, failed: 17 });
    expect(asLastRun({ ...RUN, state: 'watching_stopped' }).running).toBe(false);
  });
});

describe('the end of a run', () => {
  const ended = (change: Partial<RunSummary>) =>
    endMessage({ ...RUN, state: 'finished', ...change });

  test.each<[string, Partial<RunSummary>, string]>([
    ['Autumn price check, run 14: 463 of 486 pages succeeded', { success: 463 }, 'ok'],
    ['Autumn price check, run 14: 289 of 486 pages succeeded', {}, 'plain'],
    ['Autumn price check, run 14: 0 of 486 pages succeeded', { success: 0 }, 'bad'],
    ['Autumn price check, run 14: 1 of 1 page succeeded', { success: 1, queued: 1 }, 'ok'],
  ])('%s', (text, change, tone) => {
    expect(ended(change)).toEqual({ text, tone });
  });

  test('one that never started says so, and that it cost nothing', () => {
    expect(ended({ state: 'not_started', queued: 0, success: 0 })).toEqual({
      text: 'Autumn price check, run 14 could not be started. Nothing was charged.',
      tone: 'bad',
    });
  });
});
