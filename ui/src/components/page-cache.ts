/** Long lists that are asked for page by page and kept while they are near. */

export class PageCache<T> {
  readonly #size: number;
  readonly #load: (offset: number, limit: number) => Promise<T[]>;
  readonly #loaded: () => void;
  readonly #failed: (error: unknown) => void;
  readonly #keep: number;
  #pages = new Map<number, T[]>();
  #pending = new Set<number>();
  /** Shown until they have come again. */
  #old = new Set<number>();
  #generation = 0;

  constructor(options: {
    size: number;
    keep?: number;
    load: (offset: number, limit: number) => Promise<T[]>;
    loaded: () => void;
    failed: (error: unknown) => void;
  }) {
    this.#size = options.size;
    this.#keep = options.keep ?? 40;
    this.#load = options.load;
    this.#loaded = options.loaded;
    this.#failed = options.failed;
  }

  /** The entry, if its page is here. Never loads. */
  at(index: number): T | undefined {
    return this.#pages.get(Math.floor(index / this.#size))?.[index % this.#size];
  }

  /** Asks for the pages that hold `first` to `last`, each once. */
  ensure(first: number, last: number): void {
    const from = Math.floor(Math.max(first, 0) / this.#size);
    const to = Math.floor(Math.max(last, 0) / this.#size);
    for (let page = from; page <= to; page += 1) {
      const known = this.#pages.get(page);
      if (known) {
        // Seen again: the newest in the map's order, so that it is forgotten last.
        this.#pages.delete(page);
        this.#pages.set(page, known);
      }
      if ((!known || this.#old.has(page)) && !this.#pending.has(page)) void this.#fetch(page);
    }
  }

  /** Puts a page that came with another answer. */
  put(offset: number, rows: T[]): void {
    const page = Math.floor(offset / this.#size);
    this.#pages.set(page, rows);
    this.#old.delete(page);
  }

  /** What is here is shown until `ensure` has it anew. */
  outdate(): void {
    for (const page of [...this.#pages.keys(), ...this.#pending]) this.#old.add(page);
  }

  /** Forgets all; answers still under way are dropped. */
  clear(): void {
    this.#generation += 1;
    this.#pages.clear();
    this.#pending.clear();
    this.#old.clear();
  }

  async #fetch(page: number): Promise<void> {
    const generation = this.#generation;
    this.#pending.add(page);
    this.#old.delete(page);
    try {
      const rows = await this.#load(page * this.#size, this.#size);
      if (generation !== this.#generation) return;
      this.#pages.set(page, rows);
      this.#forgetOldest();
      this.#loaded();
    } catch (error) {
      if (generation === this.#generation) this.#failed(error);
    } finally {
      if (generation === this.#generation) this.#pending.delete(page);
    }
  }

  #forgetOldest(): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= this.#keep) return;
      this.#pages.delete(page);
      this.#old.delete(page);
    }
  }
}
