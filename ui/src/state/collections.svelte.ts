// The list of collections: what is searched for, how it is sorted, and the rows near the view. It
// outlives the screen.

import {
  backend,
  type AppError,
  type CollectionRow,
  type CollectionsFilter,
  type CollectionsPage,
  type CollectionsSort,
} from '../backend';
import { asAppError, ERROR_WORDS, errorSentence } from '../errors';
import { PageCache } from '../components/page-cache';
import { app } from './app.svelte';
import { toasts } from './toasts.svelte';

export const SORTS: { sort: CollectionsSort; label: string }[] = [
  { sort: 'last_run', label: 'Last run' },
  { sort: 'name', label: 'Name' },
  { sort: 'pages', label: 'Pages' },
  { sort: 'made', label: 'Newest' },
];

const PAGE = 100;

class Collections {
  find = $state('');
  filter = $state<CollectionsFilter>('all');
  /** The counts, and the first rows. Null before the first answer. */
  page = $state.raw<CollectionsPage | null>(null);
  /** There is none at all, whatever is searched for. */
  none = $state(false);
  /** Why the list could not be read. */
  error = $state.raw<AppError | null>(null);
  /** Why something that was asked for a collection was not done. */
  problem = $state.raw<AppError | null>(null);
  /** Changes when rows have arrived. */
  version = $state(0);

  #asked = 0;
  readonly sort = $derived<CollectionsSort>(app.settings?.collections_sort ?? 'last_run');
  readonly #rows = new PageCache<CollectionRow>({
    size: PAGE,
    load: async (offset) => (await backend.collections(this.#query(offset))).rows,
    loaded: () => (this.version += 1),
    failed: (cause) => (this.error = asAppError(cause)),
  });

  /** Reads it anew; the old rows stay until the new ones are here. */
  async load(): Promise<void> {
    const mine = ++this.#asked;
    const query = this.#query(0);
    try {
      const page = await backend.collections(query);
      if (mine !== this.#asked) return;
      this.#rows.clear();
      this.#rows.put(0, page.rows);
      this.page = page;
      this.none = page.all === 0 && query.find.trim() === '';
      this.error = null;
      this.version += 1;
    } catch (cause) {
      if (mine === this.#asked) this.error = asAppError(cause);
    }
  }

  row(index: number): CollectionRow | undefined {
    return this.#rows.at(index);
  }

  ensure(first: number, last: number): void {
    this.#rows.ensure(first, last);
  }

  async sortBy(sort: CollectionsSort): Promise<void> {
    await this.#attempt(() => app.changeSettings({ collections_sort: sort }));
  }

  showAll(): void {
    this.find = '';
    this.filter = 'all';
  }

  async duplicate({ id }: CollectionRow): Promise<void> {
    await this.#attempt(async () => {
      const copy = await backend.duplicateCollection(id);
      await this.load();
      toasts.show({
        text: `Made “${copy.name}”`,
        tone: 'ok',
        action: { label: 'Open', act: () => app.openCollection(copy.id) },
      });
    });
  }

  /** At once, with a way back. True when it is gone. */
  async delete({ id, name, last_run }: CollectionRow, putBack: () => void): Promise<boolean> {
    return this.#attempt(async () => {
      await backend.deleteCollection(id);
      await this.load();
      toasts.show({
        text: `Deleted “${name}”`,
        detail: last_run?.running
          ? 'Its run goes on, and you will be told when it ends.'
          : last_run
            ? 'The results of its runs stay.'
            : undefined,
        action: { label: 'Undo', act: () => void this.#restore(id, putBack) },
      });
    });
  }

  async #restore(id: string, putBack: () => void): Promise<void> {
    await this.#attempt(async () => {
      await backend.restoreCollection(id);
      await this.load();
      putBack();
    });
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await work();
      return true;
    } catch (cause) {
      this.#tell(asAppError(cause));
      return false;
    }
  }

  /** On the list, where it happened; wherever the person has gone meanwhile, as a message. */
  #tell(error: AppError): void {
    if (app.screen === 'collections') {
      this.problem = error;
      return;
    }
    toasts.show({ text: ERROR_WORDS[error.code].title, detail: errorSentence(error), tone: 'bad' });
  }

  #query(offset: number) {
    const { find, filter, sort } = this;
    return { find, filter, sort, offset, limit: PAGE };
  }
}

export const collections = new Collections();
