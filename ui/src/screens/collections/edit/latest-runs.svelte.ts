// The latest runs of a collection, and those that go on.

import { backend, type AppError, type RunSummary } from '../../../backend';
import { asAppError } from '../../../errors';

const SIZE = 5;

export class LatestRuns {
  rows = $state.raw<RunSummary[]>([]);
  found = $state(0);
  ready = $state(false);
  error = $state.raw<AppError | null>(null);

  readonly #id: string;
  #going = '';

  constructor(id: string) {
    this.#id = id;
  }

  async load(): Promise<void> {
    try {
      const page = await backend.runs({
        collection_id: this.#id,
        unfinished: false,
        offset: 0,
        limit: SIZE,
      });
      this.rows = page.rows;
      this.found = page.found;
      this.error = null;
      this.ready = true;
    } catch (cause) {
      this.error = asAppError(cause);
    }
  }

  /** Those that go on, as they move; one that has ended is read anew. */
  moved(runs: RunSummary[]): void {
    const mine = runs.filter(({ collection_id }) => collection_id === this.#id);
    const going = mine.map(({ id }) => id).join();
    if (going !== this.#going) {
      this.#going = going;
      void this.load();
      return;
    }
    this.rows = this.rows.map((row) => mine.find(({ id }) => id === row.id) ?? row);
  }
}
