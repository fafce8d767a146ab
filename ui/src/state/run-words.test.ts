import { describe, expect, test } from 'vitest';

import { barWords, runWords, type RunStanding } from './run-words';

const RUN: RunStanding = {
  state: 'finished',
  total: 1240,
  success: 1217,
  failed: 15,
  timed_out: 8,
};

describe('how a run stands', () => {
  test.each<[string, string, Partial<RunStanding>]>([
    ['Finished', '1,217 of 1,240', {}],
    ['61 failed', '259 of 320', { total: 320, success: 259 }],
    ['All failed', '0 of 134', { total: 134, success: 0 }],
    ['Finished', '90 of 100', { total: 100, success: 90 }],
    ['11 failed', '89 of 100', { total: 100, success: 89 }],
    ['Finished', '0 of 0', { total: 0, success: 0 }],
    ['Sending', '', { state: 'sending' }],
    ['Not started', '', { state: 'not_started', total: 0 }],
    ['Not watched', '1,217 of 1,240', { state: 'watching_stopped' }],
    ['Running', '50%', { state: 'running', total: 2480 }],
  ])('%s, %s', (word, amount, change) => {
    expect(runWords({ ...RUN, ...change })).toMatchObject({ word, amount });
  });
});

test('a bar says all its parts, and leaves out what has none', () => {
  const moving = { total: 486, success: 289, failed: 17, timed_out: 6 };
  expect(barWords(moving)).toBe(
    '312 of 486 pages done: 289 success, 17 failed, 6 timed out, 174 waiting',
  );
  expect(barWords({ total: 1, success: 1, failed: 0, timed_out: 0 })).toBe(
    '1 of 1 page done: 1 success',
  );
});
