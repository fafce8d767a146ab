import { expect, test } from 'vitest';

import { dayName, dayOf, hourName, monthName, monthsLater, percent, shortMonth } from './calendar';

test('months and days have their names, whatever the clock of this computer', () => {
  expect(monthName('2026-10')).toBe('October 2026');
  expect(shortMonth('2026-01')).toBe('Jan');
  expect(dayName('2026-10-01')).toBe('1 October');
  expect(dayName(dayOf('2024-02', 29))).toBe('29 February');
  expect(hourName(7)).toBe('07:00');
});

test('months are counted over the end of a year', () => {
  expect(monthsLater('2026-12', 1)).toBe('2027-01');
  expect(monthsLater('2026-01', -1)).toBe('2025-12');
  expect(monthsLater('2026-05', 20)).toBe('2028-01');
});

test('a share is all or nothing only when it is', () => {
  expect(percent(24_020, 25_390)).toBe('94.6%');
  expect(percent(71, 100)).toBe('71%');
  expect(percent(99_999, 100_000), 'one failed').toBe('99.9%');
  expect(percent(1, 100_000)).toBe('0.1%');
  expect([percent(5, 5), percent(0, 5), percent(0, 0)]).toEqual(['100%', '0%', '–']);
});
