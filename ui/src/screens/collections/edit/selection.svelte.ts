// Which pages are marked: some, or all that are found but for some. So 50,000 pages are marked
// without knowing any of them.

import { SvelteSet } from 'svelte/reactivity';

import type { PageSelection } from '../../../backend';

export class Selection {
  all = $state(false);
  /** The marked ones; with `all`, those that are not. */
  readonly ids = new SvelteSet<number>();

  has(id: number): boolean {
    return this.all !== this.ids.has(id);
  }

  count(found: number): number {
    return this.all ? Math.max(found - this.ids.size, 0) : this.ids.size;
  }

  set(id: number, marked: boolean): void {
    if (marked === this.all) this.ids.delete(id);
    else this.ids.add(id);
  }

  toggle(id: number): void {
    this.set(id, !this.has(id));
  }

  /** Only these. */
  replace(ids: number[]): void {
    this.clear();
    for (const id of ids) this.ids.add(id);
  }

  markAll(): void {
    this.ids.clear();
    this.all = true;
  }

  clear(): void {
    this.ids.clear();
    this.all = false;
  }

  asked(collection_id: string, find: string, only_problems: boolean): PageSelection {
    return { collection_id, all: this.all, ids: [...this.ids], find, only_problems };
  }
}
