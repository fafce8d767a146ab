import { expect, it } from 'vitest';

import { fitZoom, keepUnder, seenPart, shownSize, wheelZoom, zoomIn, zoomOut } from './zoom';

const PICTURE = { width: 1280, height: 2560 };

it('fits the width and the whole page', () => {
  expect(fitZoom('width', PICTURE, { width: 640, height: 400 }, 1)).toBe(0.5);
  expect(fitZoom('page', PICTURE, { width: 640, height: 640 }, 1)).toBe(0.25);
  expect(
    fitZoom('width', { width: 0, height: 0 }, { width: 640, height: 400 }, 1),
    'no size yet',
  ).toBe(1);
});

it('shows one picture pixel on one screen pixel at 100 %, also on a dense screen', () => {
  expect(shownSize(PICTURE, 1, 2)).toEqual({ width: 640, height: 1280 });
  expect(fitZoom('width', PICTURE, { width: 640, height: 400 }, 2)).toBe(1);
});

it('steps through the usual values and stops at the ends', () => {
  expect(zoomIn(0.48)).toBe(0.5);
  expect(zoomIn(0.5)).toBe(0.67);
  expect(zoomOut(0.48)).toBe(0.33);
  expect(zoomIn(4)).toBe(4);
  expect(zoomOut(0.05)).toBe(0.05);
  expect(wheelZoom(1, -1e6)).toBe(4);
  expect(wheelZoom(1, 1e6)).toBe(0.05);
});

it('keeps what is under the pointer where it is', () => {
  expect(keepUnder({ x: 100, y: 50 }, { x: 0, y: 200 }, 1, 2)).toEqual({ x: 100, y: 450 });
});

it('knows which part is seen', () => {
  expect(seenPart(200, 100, 1000)).toEqual({ start: 0.2, size: 0.1 });
  expect(seenPart(0, 500, 300), 'all of a small picture').toEqual({ start: 0, size: 1 });
  expect(seenPart(5000, 100, 1000).start, 'never beyond the end').toBeCloseTo(0.9);
});
