// The table of a collection's pages: what is shown of it, marked in it and typed into it.

import {
  backend,
  type AppError,
  type PageColumn,
  type PageRow,
  type PagesAdded,
  type PagesRemoved,
  type ProblemKind,
  type ReportView,
} from '../../../backend';
import { asAppError, errorSentence } from '../../../errors';
import { plural } from '../../../format';
import { toasts } from '../../../state/toasts.svelte';
import { PageCache } from '../../../components/page-cache';
import { Selection } from './selection.svelte';

const SIZE = 200;
const MOST_AT_ONCE = 500;

/** A cell while it is typed into. */
export class CellEdit {
  value = $state('');
  saving = $state(false);
  error = $state('');

  constructor(
    readonly id: number,
    readonly index: number,
    readonly column: 'address' | 'label',
    readonly before: string,
    typed: string | null,
  ) {
    this.value = typed ?? before;
  }
}

interface Host {
  id: string;
  /** Counts as saving until it is done; what fails is thrown on. */
  keep: <T>(work: Promise<T>) => Promise<T>;
  reported: (report: ReportView) => void;
  /** Something changed that the report must be asked about. */
  stale: () => void;
}

export class PagesTable {
  find = $state('');
  onlyProblems = $state(false);
  found = $state(0);
  all = $state(0);
  /** Changes when rows have arrived. */
  version = $state(0);
  ready = $state(false);
  error = $state.raw<AppError | null>(null);
  /** The cell the keyboard is at. */
  row = $state(0);
  column = $state(1);
  /** Changes when that cell must come into view. */
  moves = $state(0);
  edit = $state.raw<CellEdit | null>(null);
  /** Said by screen readers. */
  announcement = $state('');
  readonly selection = new Selection();
  readonly marked = $derived(this.selection.count(this.found));

  readonly #host: Host;
  readonly #rows: PageCache<PageRow>;
  #asked = 0;
  #first = 0;
  #last = 0;

  constructor(host: Host) {
    this.#host = host;
    this.#rows = new PageCache<PageRow>({
      size: SIZE,
      load: async (offset, limit) => (await this.#page(offset, limit)).rows,
      loaded: () => (this.version += 1),
      failed: (cause) => (this.error = asAppError(cause)),
    });
  }

  at(index: number): PageRow | undefined {
    return this.#rows.at(index);
  }

  ensure(first: number, last: number): void {
    this.#first = first;
    this.#last = last;
    this.#rows.ensure(first, last);
  }

  /** What is in view anew; the old rows stay until it is here. */
  async reload(): Promise<void> {
    const mine = ++this.#asked;
    const from = Math.floor(this.#first / SIZE);
    const to = Math.floor(this.#last / SIZE);
    const offsets = Array.from({ length: to - from + 1 }, (_, at) => (from + at) * SIZE);
    try {
      const pages = await Promise.all(offsets.map((offset) => this.#page(offset, SIZE)));
      if (mine !== this.#asked) return;
      this.#rows.clear();
      pages.forEach((page, at) => this.#rows.put(offsets[at] ?? 0, page.rows));
      this.found = pages[0]?.found ?? 0;
      this.all = pages[0]?.all ?? 0;
      this.row = Math.max(0, Math.min(this.row, this.found - 1));
      this.error = null;
      this.ready = true;
      this.version += 1;
    } catch (cause) {
      if (mine === this.#asked) this.error = asAppError(cause);
    }
  }

  /** Another search or filter: from the top, nothing marked. */
  async search(): Promise<void> {
    this.selection.clear();
    this.moveTo(0, this.column);
    this.#first = 0;
    this.#last = 0;
    await this.reload();
    if (this.ready) this.announcement = plural(this.found, 'page');
  }

  moveTo(row: number, column: number): void {
    this.row = Math.max(0, Math.min(row, this.found - 1));
    this.column = Math.max(0, Math.min(column, 4));
    this.moves += 1;
  }

  /** Marks all rows from one to the other, and no others. */
  async markRange(from: number, to: number): Promise<void> {
    const [first, last] = from < to ? [from, to] : [to, from];
    const ids: number[] = [];
    for (let index = first; index <= last;) {
      const row = this.at(index);
      if (row) {
        ids.push(row.id);
        index += 1;
        continue;
      }
      const { rows } = await this.#page(index, Math.min(MOST_AT_ONCE, last - index + 1));
      if (rows.length === 0) break;
      ids.push(...rows.map(({ id }) => id));
      index += rows.length;
    }
    this.selection.replace(ids);
  }

  /** False when another cell still holds what could not be saved. */
  async startEdit(
    index: number,
    column: 'address' | 'label',
    typed: string | null,
  ): Promise<boolean> {
    if (this.edit && !(await this.commitEdit())) return false;
    const row = this.at(index);
    if (!row) return false;
    this.moveTo(index, column === 'address' ? 1 : 2);
    this.edit = new CellEdit(row.id, index, column, row[column], typed);
    return true;
  }

  cancelEdit(): void {
    this.edit = null;
  }

  /** True when nothing is left to save. */
  async commitEdit(): Promise<boolean> {
    const edit = this.edit;
    if (!edit) return true;
    if (edit.saving) return false;
    if (edit.value.trim() === edit.before) {
      this.edit = null;
      return true;
    }
    edit.saving = true;
    try {
      const row = await this.#host.keep(
        backend.editPage(this.#host.id, edit.id, edit.column, edit.value),
      );
      this.edit = null;
      this.announcement = row.problem?.words ?? '';
      this.#host.stale();
      await this.reload();
      return true;
    } catch (cause) {
      edit.saving = false;
      edit.error = sentence(cause);
      return false;
    }
  }

  /** An own option of a page; what is wrong with the page then, or empty. */
  async setOwn(id: number, column: PageColumn, value: string): Promise<string> {
    const row = await this.#host.keep(backend.editPage(this.#host.id, id, column, value));
    return row.problem?.kind === 'wrong_option' ? row.problem.words : '';
  }

  async ownChanged(): Promise<void> {
    this.#host.stale();
    await this.reload();
  }

  /** The marked ones, else the one the keyboard is at. */
  async removeMarked(): Promise<void> {
    if (this.marked === 0) {
      const row = this.at(this.row);
      if (row) await this.removeOne(row.id);
      return;
    }
    const asked = this.selection.asked(this.#host.id, this.find, this.onlyProblems);
    await this.#removing(backend.removePages(asked), 'removed');
  }

  async removeOne(id: number): Promise<void> {
    const selection = new Selection();
    selection.replace([id]);
    await this.#removing(backend.removePages(selection.asked(this.#host.id, '', false)), 'removed');
  }

  /** No kinds: all that a run would not send. */
  async leaveOut(kinds: ProblemKind[]): Promise<void> {
    await this.#removing(backend.leaveOutProblems(this.#host.id, kinds), 'left out');
  }

  /** Throws what went wrong: the dialog says it. */
  async paste(text: string): Promise<number> {
    const added = await this.#host.keep(backend.pastePages(this.#host.id, text));
    await this.added(added);
    return added.added;
  }

  async addOne(address: string, label: string): Promise<void> {
    const added = await this.#host.keep(backend.addPages(this.#host.id, [{ address, label }]));
    this.#host.reported(added.report);
    await this.reload();
    this.announcement = `Page added. ${plural(this.all, 'page')} now.`;
  }

  /** Pages came to the end of the list: says so, with a way back. */
  async added(added: PagesAdded): Promise<void> {
    this.#host.reported(added.report);
    await this.reload();
    if (added.added === 0) {
      toasts.show({ text: 'There was no page in it.', tone: 'plain' });
      return;
    }
    if (this.find === '' && !this.onlyProblems) this.moveTo(this.all - added.added, 1);
    toasts.show({
      text: `${plural(added.added, 'page')} added.`,
      tone: 'ok',
      action: { label: 'Undo', act: () => void this.#takeBack(added) },
    });
  }

  async #takeBack({ first_id, last_id }: PagesAdded): Promise<void> {
    await this.#removing(backend.takeBackPages(this.#host.id, first_id, last_id), 'taken back');
  }

  async #removing(work: Promise<PagesRemoved>, done: string): Promise<void> {
    try {
      const { removed, undo, report } = await this.#host.keep(work);
      this.selection.clear();
      this.#host.reported(report);
      await this.reload();
      if (removed === 0) {
        this.announcement = 'Nothing to remove.';
        return;
      }
      const text = `${plural(removed, 'page')} ${done}.`;
      toasts.show({ text, action: { label: 'Undo', act: () => void this.#restore(undo) } });
    } catch (cause) {
      toasts.show({
        text: 'The pages could not be removed.',
        detail: sentence(cause),
        tone: 'bad',
      });
    }
  }

  async #restore(undo: number): Promise<void> {
    try {
      this.#host.reported(await this.#host.keep(backend.restorePages(this.#host.id, undo)));
      await this.reload();
      this.announcement = 'The pages are back.';
    } catch (cause) {
      toasts.show({
        text: 'The pages could not be brought back.',
        detail: sentence(cause),
        tone: 'bad',
      });
    }
  }

  #page(offset: number, limit: number) {
    return backend.pages({
      collection_id: this.#host.id,
      find: this.find,
      only_problems: this.onlyProblems,
      offset,
      limit,
    });
  }
}

function sentence(cause: unknown): string {
  const error = asAppError(cause);
  return error.problems[0]?.message ?? errorSentence(error);
}
