import { expect, test } from 'vitest';

import {
  drawn,
  type Geometry,
  isScaled,
  MAX_SCROLL_PX,
  maxOffset,
  offsetOf,
  offsetToShow,
  rowByKey,
  scrollHeight,
  scrollTopOf,
} from './row-window';

const SHORT: Geometry = { rows: 486, rowHeight: 36, viewHeight: 500 };
const LONG: Geometry = { rows: 100_000, rowHeight: 81, viewHeight: 500 };

test('a short list is scrolled as it is', () => {
  expect(isScaled(SHORT)).toBe(false);
  expect(scrollHeight(SHORT)).toBe(486 * 36);
  expect(offsetOf(1234, SHORT), 'a pixel is a pixel').toBeCloseTo(1234, 6);
  expect(scrollTopOf(1234, SHORT)).toBeCloseTo(1234, 6);
});

test('a long list is scrolled at a scale, and both ends are exact', () => {
  expect(isScaled(LONG)).toBe(true);
  expect(scrollHeight(LONG)).toBe(MAX_SCROLL_PX);
  expect(offsetOf(0, LONG)).toBe(0);
  expect(offsetOf(MAX_SCROLL_PX - LONG.viewHeight, LONG)).toBe(maxOffset(LONG));
  const there = scrollTopOf(5_000_000, LONG);
  expect(offsetOf(there, LONG), 'there and back').toBeCloseTo(5_000_000, 3);
});

test('the last row is drawn at the end of a scaled list', () => {
  const range = drawn(maxOffset(LONG), LONG, 2);
  expect(range?.last).toBe(99_999);
  expect(range && range.last - range.first, 'only what is in view').toBeLessThan(20);
});

test('nothing is drawn of an empty list, and all of one that fits', () => {
  expect(drawn(0, { ...SHORT, rows: 0 }, 4)).toBeNull();
  expect(drawn(0, { ...SHORT, rows: 3 }, 4)).toEqual({ first: 0, last: 2 });
});

test('a list that became shorter shows its end', () => {
  const range = drawn(10_000, { ...SHORT, rows: 5 }, 0);
  expect(range?.last).toBe(4);
});

test('a row is brought into view by the least move', () => {
  expect(offsetToShow(3, 0, SHORT), 'in view already').toBe(0);
  expect(offsetToShow(20, 0, SHORT)).toBe(21 * 36 - 500);
  expect(offsetToShow(2, 400, SHORT)).toBe(72);
  expect(offsetToShow(485, 0, SHORT), 'the last row').toBe(maxOffset(SHORT));
});

test('keys move by rows, by pages and to the ends', () => {
  expect(rowByKey('ArrowDown', 4, SHORT)).toBe(5);
  expect(rowByKey('ArrowUp', 0, SHORT), 'stays at the first').toBe(0);
  expect(rowByKey('PageDown', 0, SHORT)).toBe(12);
  expect(rowByKey('End', 7, SHORT)).toBe(485);
  expect(rowByKey('Home', 7, SHORT)).toBe(0);
  expect(rowByKey('x', 7, SHORT)).toBeNull();
  expect(rowByKey('End', 0, { ...SHORT, rows: 0 })).toBeNull();
});
