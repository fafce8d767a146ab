import { expect, test } from 'vitest';

import { readCredits } from './credits';

test.each<[string, number | null]>([
  ['', 0],
  ['  ', 0],
  ['0', 0],
  ['5000', 5_000],
  ['5,000', 5_000],
  ['5.000', 5_000],
  ['1 000 000', 1_000_000],
  ['1,000,000', 1_000_000],
  ['1000000000', 1_000_000_000],
  ['1000000001', null],
  ['5,00', null],
  ['1,000.000', null],
  ['2.5', null],
  ['-5', null],
  ['5k', null],
  ['1e3', null],
])('“%s” is %s', (typed, credits) => {
  expect(readCredits(typed)).toBe(credits);
});
