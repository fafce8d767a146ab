// The library screen's memory: what is looked for, where one was, and what is chosen. It outlives the
// screen, so that one comes back to the same place.

import { SvelteMap } from 'svelte/reactivity';

import {
  backend,
  type AppError,
  type LibraryFilters,
  type LibraryKind,
  type LibraryPage,
  type LibraryQuery,
  type LibraryRow,
  type LibrarySort,
  type Verdict,
} from '../backend';
import { PageCache } from '../components/page-cache';
import { asAppError, errorSentence, ERROR_WORDS } from '../errors';
import { plural } from '../format';
import { app } from './app.svelte';
import { type Since, SINCE_WORDS, sinceOf } from './library-times';
import { toasts } from './toasts.svelte';

const PAGE = 100;
/** What is chosen together. */
const MOST_CHOSEN = 500;

export interface LibraryNarrowing {
  account_id: string;
  site: string;
  collection_id: string;
  verdict: Verdict | '';
  tag: string;
  since: Since;
}

const ANY: LibraryNarrowing = {
  account_id: '',
  site: '',
  collection_id: '',
  verdict: '',
  tag: '',
  since: 'any',
};

class Library {
  find = $state('');
  kind = $state<LibraryKind>('all');
  narrowing = $state<LibraryNarrowing>({ ...ANY });
  /** Counts, and no rows: those are asked for by place. */
  page = $state.raw<LibraryPage | null>(null);
  filters = $state.raw<LibraryFilters | null>(null);
  error = $state.raw<AppError | null>(null);
  /** What went wrong with something that was done here. */
  problem = $state.raw<AppError | null>(null);
  /** Changes when rows have arrived. */
  version = $state(0);
  /** The row whose details show. */
  current = $state<number | null>(null);
  /** Rows that are chosen together, by id. */
  readonly chosen = new SvelteMap<string, LibraryRow>();
  /** How far down it was, in rows of the view. */
  start = 0;

  readonly sort = $derived<LibrarySort>(app.settings?.library_sort ?? 'newest');
  readonly view = $derived(app.settings?.library_view ?? 'grid');
  /** How many filters are set beside the kind. */
  readonly narrowed = $derived(
    Object.entries(this.narrowing).filter(
      ([name, value]) => value !== ANY[name as keyof typeof ANY],
    ).length,
  );
  /** There is no result at all. */
  readonly none = $derived(this.filters?.total === 0 && this.page?.found === 0);

  #asked = 0;
  #anchor: number | null = null;
  readonly #rows = new PageCache<LibraryRow>({
    size: PAGE,
    load: async (offset) => (await backend.libraryPage(this.#query(offset))).rows,
    loaded: () => (this.version += 1),
    failed: (cause) => (this.error = asAppError(cause)),
  });

  readonly row = $derived.by(() => {
    void this.version;
    return this.current === null ? null : (this.#rows.at(this.current) ?? null);
  });

  at(index: number): LibraryRow | undefined {
    return this.#rows.at(index);
  }

  ensure(first: number, last: number): void {
    this.#rows.ensure(first, last);
  }

  /** Reads all anew; the old rows stay until the new ones are here. */
  async load(): Promise<void> {
    const mine = ++this.#asked;
    const wanted = this.row?.id ?? null;
    try {
      const first = this.current === null ? 0 : Math.floor(this.current / PAGE) * PAGE;
      const page = await backend.libraryPage({ ...this.#query(first), until: 0 });
      if (mine !== this.#asked) return;
      this.#rows.clear();
      this.#rows.put(first, page.rows);
      this.page = page;
      this.error = null;
      this.#keepCurrent(wanted, first, page);
      this.version += 1;
    } catch (cause) {
      if (mine === this.#asked) this.error = asAppError(cause);
    }
  }

  async loadFilters(): Promise<void> {
    try {
      this.filters = await backend.libraryFilters();
    } catch (cause) {
      this.error ??= asAppError(cause);
    }
  }

  /** What came since, and what is still being read; moves nothing. */
  async look(): Promise<void> {
    const mine = this.#asked;
    const before = this.page;
    if (!before) return;
    try {
      const page = await backend.libraryPage({ ...this.#query(0), limit: 0 });
      if (mine !== this.#asked) return;
      this.page = { ...before, newer: page.newer, unread: page.unread };
      // What was just read may match, too.
      if (before.unread > 0 && page.unread === 0) await this.load();
    } catch {
      // The next look says it.
    }
  }

  search(find: string): void {
    this.find = find;
    this.fromTop();
  }

  fromTop(): void {
    this.start = 0;
    this.current = null;
    this.clearChosen();
  }

  showAll(): void {
    this.find = '';
    this.kind = 'all';
    this.narrowing = { ...ANY };
    this.fromTop();
  }

  narrow(change: Partial<LibraryNarrowing>): void {
    this.narrowing = { ...this.narrowing, ...change };
    this.fromTop();
  }

  narrowSince(value: string): void {
    const found = SINCE_WORDS.find(({ since }) => since === value);
    if (found) this.narrow({ since: found.since });
  }

  clearNarrowing(): void {
    this.narrow(ANY);
  }

  /** A press, or a key that moved here. Ctrl adds, Shift takes what lies between. */
  choose(index: number, event: MouseEvent | KeyboardEvent): void {
    const byMouse = event instanceof MouseEvent;
    if (byMouse && (event.ctrlKey || event.metaKey)) {
      if (this.chosen.size === 0 && this.row) this.chosen.set(this.row.id, this.row);
      this.current = index;
      this.toggle(index);
      return;
    }
    if (event.shiftKey) this.#stretch(index);
    else this.#anchor = index;
    if (byMouse && !event.shiftKey) this.clearChosen();
    this.current = index;
  }

  toggle(index: number): void {
    const row = this.at(index);
    this.#anchor = index;
    if (!row) return;
    if (!this.chosen.delete(row.id) && this.chosen.size < MOST_CHOSEN) this.chosen.set(row.id, row);
  }

  clearChosen(): void {
    this.chosen.clear();
  }

  /** What an action takes: what is chosen together, else the one that shows. */
  taken(): LibraryRow[] {
    if (this.chosen.size > 0) return [...this.chosen.values()];
    return this.row ? [this.row] : [];
  }

  /** At once, with a way back. True when they are gone. */
  async delete(rows: LibraryRow[], putBack: () => void): Promise<boolean> {
    const ids = rows.map(({ id }) => id);
    return this.attempt(async () => {
      await backend.deleteResults(ids);
      this.clearChosen();
      await this.#again();
      toasts.show({
        text: rows[1] ? `Deleted ${plural(rows.length, 'result')}` : `Deleted “${rows[0]?.title}”`,
        action: { label: 'Undo', act: () => void this.#restore(ids, putBack) },
      });
    });
  }

  /** Throws what the field must show. */
  async tag(ids: string[], tag: string, on: boolean): Promise<void> {
    await backend.tagResults(ids, tag, on);
    await this.#again();
  }

  async #restore(ids: string[], putBack: () => void): Promise<void> {
    await this.attempt(async () => {
      await backend.restoreResults(ids);
      await this.#again();
      putBack();
    });
  }

  async #again(): Promise<void> {
    await Promise.all([this.load(), this.loadFilters()]);
  }

  async attempt(work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await work();
      return true;
    } catch (cause) {
      this.#tell(asAppError(cause));
      return false;
    }
  }

  #tell(error: AppError): void {
    if (app.screen === 'library') this.problem = error;
    else
      toasts.show({
        text: ERROR_WORDS[error.code].title,
        detail: errorSentence(error),
        tone: 'bad',
      });
  }

  /** The same result stays the one that shows; when it is gone, what took its place does. */
  #keepCurrent(wanted: string | null, first: number, page: LibraryPage): void {
    if (this.current === null) return;
    const at = page.rows.findIndex(({ id }) => id === wanted);
    const place = at >= 0 ? first + at : Math.min(this.current, page.found - 1);
    this.current = place < 0 ? null : place;
  }

  #stretch(index: number): void {
    const from = this.#anchor ?? this.current ?? index;
    this.chosen.clear();
    for (let at = Math.min(from, index); at <= Math.max(from, index); at += 1) {
      const row = this.at(at);
      if (row && this.chosen.size < MOST_CHOSEN) this.chosen.set(row.id, row);
    }
  }

  #query(offset: number): LibraryQuery {
    const { since, verdict, ...rest } = this.narrowing;
    return {
      ...rest,
      ...sinceOf(since, new Date()),
      verdict: verdict === '' ? null : verdict,
      find: this.find,
      kind: this.kind,
      sort: this.sort,
      until: this.page?.until ?? 0,
      offset,
      limit: PAGE,
    };
  }
}

export const library = new Library();
