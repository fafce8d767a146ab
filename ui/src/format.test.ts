import { describe, expect, test } from 'vitest';

import { bytes, clock, count, duration, plural, when } from './format';

test('numbers have separators and agree with their noun', () => {
  expect(count(41_250)).toBe('41,250');
  expect(plural(1, 'credit')).toBe('1 credit');
  expect(plural(0, 'credit')).toBe('0 credits');
  expect(plural(2, 'match', 'matches')).toBe('2 matches');
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1 KB'],
  [412 * 1024, '412 KB'],
  [1023 * 1024, '1.0 MB'],
  [1.4 * 1024 ** 2, '1.4 MB'],
  [184 * 1024 ** 2, '184 MB'],
  [1.4 * 1024 ** 3, '1.4 GB'],
  [5000 * 1024 ** 3, '5000 GB'],
])('%d bytes read as %s', (value, words) => {
  expect(bytes(value)).toBe(words);
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [6210, '6.2 s'],
  [59_940, '59.9 s'],
  [59_960, '1 min'],
  [125_000, '2 min 5 s'],
  [120_400, '2 min'],
])('%d ms read as %s', (value, words) => {
  expect(duration(value)).toBe(words);
});

test('a running clock counts whole seconds', () => {
  expect(clock(0)).toBe('0:00');
  expect(clock(7_999)).toBe('0:07');
  expect(clock(125_000)).toBe('2:05');
});

describe('dates', () => {
  const now = new Date(2026, 9, 16, 14, 40);
  const at = (...parts: [number, number, number, number?, number?]) =>
    new Date(...parts).getTime() / 1000;

  test.each([
    [at(2026, 9, 16, 14, 40), 'Just now'],
    [at(2026, 9, 16, 14, 32), 'Today, 14:32'],
    [at(2026, 9, 16, 0, 5), 'Today, 00:05'],
    [at(2026, 9, 15, 18, 3), 'Yesterday, 18:03'],
    [at(2026, 9, 14, 9, 0), 'Wed 14 Oct'],
    [at(2024, 9, 14, 9, 0), '14 Oct 2024'],
  ])('%d reads as %s', (seconds, words) => {
    expect(when(seconds, now)).toBe(words);
  });

  test('yesterday is a day of the calendar, not 24 hours', () => {
    const early = new Date(2026, 9, 16, 0, 10);
    expect(when(at(2026, 9, 15, 23, 50), early)).toBe('Yesterday, 23:50');
  });
});
