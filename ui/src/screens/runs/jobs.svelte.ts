// The jobs of a run as the table shows them: which, in which order, and the one that is chosen.
// It outlives the table, so that a look at a result loses neither filter nor place.

import { SvelteSet } from 'svelte/reactivity';

import {
  backend,
  type AppError,
  type JobRow,
  type JobsFilter,
  type JobsSort,
  type JobView,
  type RunJobsQuery,
} from '../../backend';
import { asAppError } from '../../errors';
import { PageCache } from '../../components/page-cache';

export const PAGE = 100;
const MOST_AT_ONCE = 500;

/** What the table can be asked and told while it is on screen. */
export interface Table {
  inView(): { first: number; last: number } | null;
  toTop(): void;
  show(index: number): Promise<void>;
  shift(rows: number): Promise<void>;
}

export class Jobs {
  filter = $state<JobsFilter>('all');
  cause = $state('');
  search = $state('');
  sort = $state<JobsSort>('place');
  descending = $state(false);

  found = $state(0);
  version = $state(0);
  ready = $state(false);
  error = $state.raw<AppError | null>(null);

  /** Its row in the table; none when the filter hides it. */
  current = $state<number | null>(null);
  chosen = $state.raw<JobView | null>(null);
  chosenError = $state.raw<AppError | null>(null);
  /** Ids of jobs with a tick, for the export. */
  readonly ticked = new SvelteSet<string>();

  table: Table | null = null;
  /** Rows above the view, when the table was left. */
  leftAt = 0;

  readonly #runId: string;
  readonly #rows: PageCache<JobRow>;
  #wanted = '';
  /** A row that was chosen before it was here. */
  #awaited: number | null = null;
  #asked = 0;
  #choices = 0;
  #tickedLast: number | null = null;
  #refreshing = false;

  constructor(runId: string) {
    this.#runId = runId;
    this.#rows = new PageCache<JobRow>({
      size: PAGE,
      load: (offset, limit) => this.#load(offset, limit),
      loaded: () => this.#arrived(),
      failed: (cause) => (this.error = asAppError(cause)),
    });
  }

  at(index: number): JobRow | undefined {
    return this.#rows.at(index);
  }

  ensure(first: number, last: number): void {
    this.#rows.ensure(first, last);
  }

  query(offset = 0, limit = 1): RunJobsQuery {
    return {
      run_id: this.#runId,
      filter: this.filter,
      search: this.search,
      cause: this.cause,
      sort: this.sort,
      descending: this.descending,
      offset,
      limit,
    };
  }

  show(filter: JobsFilter): void {
    this.filter = filter;
    this.cause = '';
    void this.reload();
  }

  showCause(cause: string): void {
    this.filter = 'all';
    this.cause = this.cause === cause ? '' : cause;
    void this.reload();
  }

  find(text: string): void {
    if (text === this.search) return;
    this.search = text;
    void this.reload();
  }

  /** Up, down, and back to the list's own order. */
  sortBy(sort: JobsSort): void {
    if (this.sort !== sort) this.order(sort, false);
    else if (!this.descending) this.order(sort, true);
    else this.order('place', false);
  }

  order(sort: JobsSort, descending: boolean): void {
    this.sort = sort;
    this.descending = descending;
    void this.reload();
  }

  clear(): void {
    this.filter = 'all';
    this.cause = '';
    this.search = '';
    void this.reload();
  }

  /** After another question: its first rows. The chosen job stays chosen if it is among them all. */
  async reload(): Promise<void> {
    const mine = ++this.#asked;
    try {
      const first = await backend.runJobs(this.query(0, PAGE));
      if (mine !== this.#asked) return;
      this.#rows.clear();
      this.#rows.put(0, first.rows);
      this.found = first.found;
      this.error = null;
      this.ready = true;
      this.version += 1;
      this.#tickedLast = null;
      this.leftAt = 0;
      this.table?.toTop();
      await this.#findChosen(mine, first.rows[0]);
    } catch (cause) {
      if (mine === this.#asked) this.error = asAppError(cause);
    }
  }

  /** The run moved: what is seen stays where it is, whatever came in above it. */
  async refresh(): Promise<void> {
    if (!this.ready || this.#refreshing) return;
    this.#refreshing = true;
    const mine = this.#asked;
    const choices = this.#choices;
    try {
      const anchor = this.#anchor();
      const view = this.table?.inView() ?? { first: 0, last: PAGE - 1 };
      const [moved, chosen] = await Promise.all([
        anchor ? this.#placeOf(anchor.id) : null,
        this.#wanted ? backend.runJob(this.query(), this.#wanted) : null,
      ]);
      const by = anchor && moved !== null ? moved - anchor.index : 0;
      const from = Math.max(0, Math.floor((view.first + by) / PAGE) * PAGE);
      const until = Math.ceil((view.last + by + 1) / PAGE) * PAGE;
      const page = await backend.runJobs(this.query(from, Math.max(PAGE, until - from)));
      if (mine !== this.#asked) return;
      // The run may have moved between the answers: the rows that are shown have the last word.
      const placeIn = (id: string) => {
        const at = page.rows.findIndex((row) => row.id === id);
        return at < 0 ? null : from + at;
      };
      const shift = anchor ? (placeIn(anchor.id) ?? anchor.index + by) - anchor.index : 0;
      this.#rows.outdate();
      for (let at = 0; at < page.rows.length; at += PAGE) {
        this.#rows.put(from + at, page.rows.slice(at, at + PAGE));
      }
      this.found = page.found;
      this.error = null;
      if (chosen && choices === this.#choices) {
        const place = placeIn(chosen.job.id) ?? chosen.position;
        this.#keepPlace(place);
        this.#present({ ...chosen, position: place });
      }
      this.version += 1;
      if (shift !== 0) await this.table?.shift(shift);
      const first = page.rows[0];
      if (!this.#wanted && from === 0 && first) await this.chooseId(first.id);
    } catch (cause) {
      if (mine === this.#asked) this.error = asAppError(cause);
    } finally {
      this.#refreshing = false;
    }
  }

  choose(index: number): void {
    this.#choices += 1;
    this.current = index;
    const row = this.at(index);
    this.#awaited = row ? null : index;
    if (row) void this.chooseId(row.id);
  }

  /** The one before or after in the table, even if its row is not here. */
  async chooseId(id: string): Promise<void> {
    const mine = ++this.#choices;
    this.#wanted = id;
    try {
      const view = await backend.runJob(this.query(), id);
      if (mine !== this.#choices) return;
      this.chosenError = null;
      this.#present(view);
    } catch (cause) {
      if (mine === this.#choices) this.chosenError = asAppError(cause);
    }
  }

  async step(id: string | null): Promise<void> {
    if (id === null) return;
    await this.chooseId(id);
    if (this.current === null) return;
    this.leftAt = this.current;
    await this.table?.show(this.current);
  }

  tick(index: number): void {
    const row = this.at(index);
    if (!row) return;
    if (!this.ticked.delete(row.id)) this.ticked.add(row.id);
    this.#tickedLast = index;
  }

  /** From the last ticked row to this one. */
  async tickTo(index: number): Promise<void> {
    const from = this.#tickedLast ?? index;
    const [first, last] = from < index ? [from, index] : [index, from];
    try {
      for (let at = first; at <= last; at += MOST_AT_ONCE) {
        const limit = Math.min(MOST_AT_ONCE, last - at + 1);
        const page = await backend.runJobs(this.query(at, limit));
        for (const row of page.rows) this.ticked.add(row.id);
      }
      this.#tickedLast = index;
    } catch (cause) {
      this.error = asAppError(cause);
    }
  }

  async #load(offset: number, limit: number): Promise<JobRow[]> {
    const page = await backend.runJobs(this.query(offset, limit));
    this.found = page.found;
    return page.rows;
  }

  #arrived(): void {
    this.version += 1;
    if (this.#awaited !== null && this.at(this.#awaited)) this.choose(this.#awaited);
  }

  #present(view: JobView): void {
    const known = this.chosen?.result;
    // The same result stays the same object: what shows it does not begin anew.
    this.chosen = known && known.id === view.result?.id ? { ...view, result: known } : view;
    const shownAt = this.current !== null && this.at(this.current)?.id === view.job.id;
    if (!shownAt) this.current = this.#isInTable(view) ? view.position : null;
  }

  /** A job that the filter hides has no neighbours, and no place. */
  #isInTable(view: JobView): boolean {
    if (view.previous !== null || view.next !== null) return true;
    return this.found === 1 && (this.at(0)?.id ?? view.job.id) === view.job.id;
  }

  async #findChosen(mine: number, first: JobRow | undefined): Promise<void> {
    this.#awaited = null;
    if (this.#wanted) {
      const choices = this.#choices;
      const view = await backend.runJob(this.query(), this.#wanted);
      // The person has chosen another one meanwhile.
      if (mine !== this.#asked || choices !== this.#choices) return;
      this.#present(view);
    }
    if (this.current !== null && this.#wanted) return;
    if (first) {
      this.current = 0;
      await this.chooseId(first.id);
    } else {
      this.current = null;
      this.chosen = null;
      this.#wanted = '';
    }
  }

  /** While the table is away, its place moves with the chosen job. */
  #keepPlace(position: number): void {
    if (this.table || this.current === null || this.leftAt === 0) return;
    this.leftAt = Math.max(0, this.leftAt + position - this.current);
  }

  /** The row that must not move: the chosen one while it is seen, else the first that is. */
  #anchor(): { id: string; index: number } | null {
    const stable = this.sort === 'place' && this.filter === 'all' && this.cause === '';
    const view = this.table?.inView();
    if (stable || !view || view.first === 0) return null;
    const seen = this.current !== null && this.current >= view.first && this.current <= view.last;
    const index = seen && this.current !== null ? this.current : view.first;
    const row = this.at(index);
    return row ? { id: row.id, index } : null;
  }

  async #placeOf(id: string): Promise<number | null> {
    const view = await backend.runJob(this.query(), id);
    return this.#isInTable(view) ? view.position : null;
  }
}
