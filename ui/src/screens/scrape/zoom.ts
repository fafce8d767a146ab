/** The arithmetic of the screenshot viewer. A zoom of 1 shows one picture pixel on one screen pixel. */

export type Fit = 'width' | 'page' | 'none';

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

const STEPS = [0.05, 0.1, 0.17, 0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** `pixelRatio` is the screen's: on a 2x screen a zoom of 1 is half a CSS pixel per picture pixel. */
export function fitZoom(
  fit: 'width' | 'page',
  picture: Size,
  room: Size,
  pixelRatio: number,
): number {
  if (picture.width <= 0 || picture.height <= 0 || room.width <= 0 || room.height <= 0) return 1;
  const across = room.width / picture.width;
  const down = room.height / picture.height;
  return (fit === 'width' ? across : Math.min(across, down)) * pixelRatio;
}

/** CSS pixels the picture takes at a zoom. */
export function shownSize(picture: Size, zoom: number, pixelRatio: number): Size {
  const scale = zoom / pixelRatio;
  return { width: picture.width * scale, height: picture.height * scale };
}

export function zoomIn(zoom: number): number {
  return STEPS.find((step) => step > zoom + 0.001) ?? zoom;
}

export function zoomOut(zoom: number): number {
  return STEPS.findLast((step) => step < zoom - 0.001) ?? zoom;
}

/** Ctrl + wheel: smooth, and never beyond the ends. */
export function wheelZoom(zoom: number, deltaY: number): number {
  const next = zoom * Math.exp(-deltaY / 400);
  return Math.min(4, Math.max(0.05, next));
}

/** Where to scroll so that what lies under `at` (in the view) stays there. */
export function keepUnder(at: Point, scroll: Point, before: number, after: number): Point {
  const ratio = after / before;
  return { x: (scroll.x + at.x) * ratio - at.x, y: (scroll.y + at.y) * ratio - at.y };
}

/** The seen part of the picture as fractions, for the map. */
export function seenPart(
  scroll: number,
  room: number,
  whole: number,
): { start: number; size: number } {
  if (whole <= 0 || room >= whole) return { start: 0, size: 1 };
  const size = room / whole;
  return { start: Math.min(Math.max(scroll / whole, 0), 1 - size), size };
}
