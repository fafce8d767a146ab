// How far down a long list is: a scroll bar, perhaps at a scale, and the pixels of the list above the view.

import { tick } from 'svelte';

import {
  clampOffset,
  type Geometry,
  isScaled,
  offsetOf,
  offsetToShow,
  scrollTopOf,
} from './row-window';

/** The browser rounds a place of the scroll bar to its own pixels. */
const ROUNDING_PX = 1.5;

export class RowScroll {
  element = $state<HTMLElement>();
  offset = $state(0);

  #expected = 0;
  readonly #geometry: () => Geometry;

  constructor(geometry: () => Geometry) {
    this.#geometry = geometry;
  }

  move(to: number): void {
    const geometry = this.#geometry();
    this.offset = clampOffset(to, geometry);
    this.#expected = scrollTopOf(this.offset, geometry);
    if (this.element) this.element.scrollTop = this.#expected;
  }

  async show(index: number): Promise<void> {
    await tick();
    this.move(offsetToShow(index, this.offset, this.#geometry()));
  }

  readonly scrolled = (): void => {
    const element = this.element;
    if (!element || Math.abs(element.scrollTop - this.#expected) < ROUNDING_PX) return;
    this.#expected = element.scrollTop;
    this.offset = offsetOf(element.scrollTop, this.#geometry());
  };

  /** At a scale a turn of the wheel would leap over rows. */
  readonly wheel = (event: WheelEvent): void => {
    const geometry = this.#geometry();
    if (!isScaled(geometry) || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? geometry.rowHeight : 1;
    const pages = event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? geometry.viewHeight : unit;
    this.move(this.offset + event.deltaY * pages);
  };
}
