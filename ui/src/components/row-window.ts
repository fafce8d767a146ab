/** Which rows of a long list are in view, when all are of one height. */

/**
 * No engine scrolls over more than some millions of pixels. A longer list is scrolled at a scale:
 * its last row stays within reach at any zoom.
 */
export const MAX_SCROLL_PX = 4_000_000;

export interface Geometry {
  rows: number;
  /** Pixels. */
  rowHeight: number;
  /** Of the part that shows rows, pixels. */
  viewHeight: number;
}

/** What the scroller must be as tall as. */
export function scrollHeight(geometry: Geometry): number {
  return Math.min(fullHeight(geometry), MAX_SCROLL_PX);
}

/** True when a pixel of the scroll bar is more than a pixel of the list. */
export function isScaled(geometry: Geometry): boolean {
  return fullHeight(geometry) > MAX_SCROLL_PX;
}

/** The furthest the list can be moved. */
export function maxOffset(geometry: Geometry): number {
  return Math.max(0, fullHeight(geometry) - geometry.viewHeight);
}

export function clampOffset(offset: number, geometry: Geometry): number {
  return Math.min(Math.max(offset, 0), maxOffset(geometry));
}

/** Pixels of the list above the view, for a place of the scroll bar. */
export function offsetOf(scrollTop: number, geometry: Geometry): number {
  const most = maxScrollTop(geometry);
  if (most === 0) return 0;
  return clampOffset((scrollTop / most) * maxOffset(geometry), geometry);
}

export function scrollTopOf(offset: number, geometry: Geometry): number {
  const most = maxOffset(geometry);
  return most === 0 ? 0 : (clampOffset(offset, geometry) / most) * maxScrollTop(geometry);
}

export interface Range {
  first: number;
  last: number;
}

/** The rows to draw; null when there are none. */
export function drawn(offset: number, geometry: Geometry, spare: number): Range | null {
  const { rows, rowHeight, viewHeight } = geometry;
  if (rows === 0 || rowHeight <= 0) return null;
  const first = Math.floor(offset / rowHeight);
  const last = Math.ceil((offset + viewHeight) / rowHeight) - 1;
  return {
    first: Math.max(0, Math.min(first, rows - 1) - spare),
    last: Math.min(rows - 1, Math.max(last, 0) + spare),
  };
}

/** However far it is scrolled, no more rows than these are drawn at a time. */
export function mostDrawn({ rowHeight, viewHeight }: Geometry, spare: number): number {
  return rowHeight > 0 ? Math.ceil(viewHeight / rowHeight) + 1 + 2 * spare : 1;
}

/** The least move that shows a whole row. */
export function offsetToShow(index: number, offset: number, geometry: Geometry): number {
  const { rowHeight, viewHeight } = geometry;
  const top = index * rowHeight;
  if (top < offset) return clampOffset(top, geometry);
  const bottom = top + rowHeight;
  if (bottom > offset + viewHeight) return clampOffset(bottom - viewHeight, geometry);
  return clampOffset(offset, geometry);
}

/** How far Page Down goes: one row stays in sight. */
export function rowsPerPage({ viewHeight, rowHeight }: Geometry): number {
  return Math.max(1, Math.floor(viewHeight / rowHeight) - 1);
}

/** Where a key leads from a row; null when the key moves nothing. */
export function rowByKey(key: string, from: number, geometry: Geometry): number | null {
  const last = geometry.rows - 1;
  if (last < 0) return null;
  const page = rowsPerPage(geometry);
  const to = (index: number) => Math.min(Math.max(index, 0), last);
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return to(from + 1);
    case 'ArrowUp':
    case 'k':
      return to(from - 1);
    case 'PageDown':
      return to(from + page);
    case 'PageUp':
      return to(from - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

function fullHeight({ rows, rowHeight }: Geometry): number {
  return rows * rowHeight;
}

function maxScrollTop(geometry: Geometry): number {
  return Math.max(0, scrollHeight(geometry) - geometry.viewHeight);
}
