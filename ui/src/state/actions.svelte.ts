// What keys, menus and the palette can do. A screen registers what it can do while it shows.

import { SvelteMap } from 'svelte/reactivity';

export type ActionKey =
  | 'focus-address'
  | 'scrape'
  | 'cancel'
  | 'new-scrape'
  | 'toggle-options'
  | 'save'
  | 'copy'
  | 'copy-curl'
  | 'copy-python'
  | 'copy-json'
  | 'find'
  | 'next-tab'
  | 'previous-tab'
  | 'any-country'
  | 'many-pages';

class Actions {
  readonly #doers = new SvelteMap<ActionKey, () => void>();

  /** Answers with the way to take it back: return it from `$effect` or `onMount`. */
  register(key: ActionKey, act: () => void): () => void {
    this.#doers.set(key, act);
    return () => {
      if (this.#doers.get(key) === act) this.#doers.delete(key);
    };
  }

  has(key: ActionKey): boolean {
    return this.#doers.has(key);
  }

  /** False when nothing on screen can do it. */
  run(key: ActionKey): boolean {
    const act = this.#doers.get(key);
    act?.();
    return act !== undefined;
  }
}

export const actions = new Actions();
