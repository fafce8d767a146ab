import { expect, test } from 'vitest';

import type { CauseView } from '../../backend';
import { groupsOf, offerText, retryable, retryForm, sumOf } from './retry';

const BROWSER = { title: 'Render in a real browser', explanation: '', from: 'Off', to: 'On' };

function cause(id: string, rest: Partial<CauseView> = {}): CauseView {
  return {
    id,
    words: `About ${id}`,
    advice: '',
    count: 37,
    timed_out: false,
    retry: { count: 37, changes: [BROWSER], cost: { credits: 185, free: false } },
    stop_reason: '',
    ...rest,
  };
}

const FUTILE = cause('http_404', { count: 4, retry: null, stop_reason: 'It is not there.' });

test('what is shown is what is sent', () => {
  const groups = groupsOf([cause('captcha'), cause('timeout'), FUTILE]);
  const chosen = new Set(['captcha', 'http_404']);
  expect(sumOf(groups, chosen)).toEqual({ pages: 37, credits: 185 });
  expect(retryForm('run', groups, chosen), 'futile ones never go along').toEqual({
    run_id: 'run',
    causes: ['captcha'],
    confirmed_ceiling: 185,
  });
});

test('failed and timed out pages of one cause stand together, as the retry takes both', () => {
  const groups = groupsOf([
    cause('timeout', { timed_out: true }),
    cause('timeout', {
      count: 3,
      retry: { count: 2, changes: [], cost: { credits: 2, free: false } },
    }),
  ]);
  expect(groups).toHaveLength(1);
  expect(sumOf(groups, new Set(['timeout']))).toEqual({ pages: 39, credits: 187 });
});

test('an offer says how many, how, and at what price', () => {
  const [group] = groupsOf([cause('captcha')]);
  expect(group && offerText(group)).toBe(
    '37 pages, render in a real browser (Off → On): at most 185 credits',
  );
  const [same] = groupsOf([
    cause('timeout', { retry: { count: 30, changes: [], cost: { credits: 0, free: true } } }),
  ]);
  expect(same && offerText(same)).toBe('30 of 37 pages, the same way again: free');
});

test('futile pages are not counted', () => {
  expect(retryable([cause('captcha'), FUTILE])).toBe(37);
  expect(retryable([FUTILE])).toBe(0);
});
