// Ctrl + and Ctrl -: everything is in rem, so the root's size is the window's zoom.

const STEPS = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];
const USUAL = STEPS.indexOf(1);

class Zoom {
  #step = $state(USUAL);

  readonly factor = $derived(STEPS[this.#step] ?? 1);

  change(by: -1 | 0 | 1): void {
    this.#step = by === 0 ? USUAL : Math.min(STEPS.length - 1, Math.max(0, this.#step + by));
  }
}

export const zoom = new Zoom();
