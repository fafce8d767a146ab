/**
 * Browsers draw nothing below a certain height, which very long lists pass, sooner when zoomed. The
 * scrolled element is never higher than `TALLEST`; the list's own offset follows in proportion.
 */

/** Times a zoom of 225 % it is still below what any engine can draw. */
export const TALLEST = 6_000_000;

export interface ScrollMap {
  /** Of the scrolled element. */
  height: number;
  /** How far the list moves for one pixel of scrolling. */
  scale: number;
}

export function scrollMap(listHeight: number, viewHeight: number, tallest = TALLEST): ScrollMap {
  if (listHeight <= tallest) return { height: listHeight, scale: 1 };
  const range = Math.max(tallest - viewHeight, 1);
  return { height: tallest, scale: Math.max(listHeight - viewHeight, 1) / range };
}

/** Where the list is when the element is scrolled so far. */
export function listOffset(map: ScrollMap, scrolled: number): number {
  return scrolled * map.scale;
}

/** How far to scroll, so that the list is there. */
export function scrolledFor(map: ScrollMap, offset: number): number {
  return offset / map.scale;
}
