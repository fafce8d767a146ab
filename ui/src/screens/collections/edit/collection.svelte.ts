// A collection that is open for editing. Everything is saved as it is changed: there is nothing to
// save by hand.

import {
  backend,
  type AppError,
  type CollectionView,
  type EstimateView,
  type FieldProblem,
  type ReportView,
  type ScrapeForm,
} from '../../../backend';
import { asAppError, errorSentence } from '../../../errors';
import { OptionsForm } from '../../../state/options-form.svelte';
import { PagesTable } from './pages.svelte';

const SAVE_AFTER_MS = 400;
const ESTIMATE_AFTER_MS = 250;

export class OpenCollection extends OptionsForm {
  readonly id: string;
  readonly table: PagesTable;
  view = $state.raw<CollectionView | null>(null);
  /** Why it could not be opened. */
  error = $state.raw<AppError | null>(null);
  report = $state.raw<ReportView | null>(null);
  estimate = $state.raw<EstimateView | null>(null);
  estimateError = $state.raw<AppError | null>(null);
  name = $state('');
  nameProblem = $state('');
  /** Why name or options are not saved. */
  saveError = $state.raw<AppError | null>(null);
  optionsOpen = $state(false);

  #pending = $state(0);
  #unsaved = $state(false);
  #savedOptions = '';
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #estimateTimer: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #estimates = 0;

  readonly saving = $derived(this.#pending > 0 || this.#unsaved);
  readonly loaded = $derived(this.view !== null);

  constructor(id: string) {
    super();
    this.id = id;
    this.table = new PagesTable({
      id,
      keep: (work) => this.keep(work),
      reported: (report) => this.reported(report),
      stale: () => void this.#askReport(),
    });
  }

  async load(): Promise<void> {
    this.error = null;
    try {
      const view = await backend.collection(this.id);
      this.#take(view);
      this.form = structuredClone(view.options);
      this.#savedOptions = JSON.stringify(view.options);
      this.name = view.name;
      this.groups.steps = view.options.steps.length > 0;
    } catch (cause) {
      this.error = asAppError(cause);
    }
  }

  /** What can be scraped and what it costs depends on who works. */
  async accountChanged(): Promise<void> {
    await Promise.all([this.table.reload(), this.#askReport()]);
  }

  reported(report: ReportView): void {
    this.report = report;
    if (report.problems === 0 && this.table.onlyProblems) {
      this.table.onlyProblems = false;
      void this.table.search();
    }
    this.askEstimate();
  }

  /** Soon, once for many changes. */
  askEstimate(): void {
    clearTimeout(this.#estimateTimer);
    this.#estimateTimer = setTimeout(() => void this.estimateNow(), ESTIMATE_AFTER_MS);
  }

  async estimateNow(): Promise<EstimateView | null> {
    clearTimeout(this.#estimateTimer);
    const mine = ++this.#estimates;
    try {
      const estimate = await backend.estimate(this.id);
      if (mine !== this.#estimates) return estimate;
      this.estimate = estimate;
      this.estimateError = null;
      return estimate;
    } catch (cause) {
      if (mine === this.#estimates) {
        this.estimate = null;
        this.estimateError = asAppError(cause);
      }
      return null;
    }
  }

  async keep<T>(work: Promise<T>): Promise<T> {
    this.#pending += 1;
    try {
      return await work;
    } finally {
      this.#pending -= 1;
    }
  }

  /** After each change of the options; saved a little later. */
  optionsChanged(form: ScrapeForm): void {
    if (!this.view || JSON.stringify(trimmed(form)) === this.#savedOptions) return;
    this.#unsaved = true;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  async rename(): Promise<void> {
    if (this.view && this.name !== this.view.name) await this.save(this.name);
    else this.nameProblem = '';
  }

  undoRename(): void {
    this.name = this.view?.name ?? '';
    this.nameProblem = '';
  }

  /** Options as they are now, and a name when there is a new one; one after the other. */
  save(name?: string): Promise<boolean> {
    clearTimeout(this.#saveTimer);
    const saved = this.#queue.then(() => this.#saveNow(name));
    this.#queue = saved;
    return saved;
  }

  /** What is typed but not saved yet goes first; false when it can't. */
  async settle(): Promise<boolean> {
    const saved = !this.#unsaved || (await this.save());
    return saved && (await this.table.commitEdit());
  }

  showProblems(problems: FieldProblem[]): void {
    this.optionsOpen = true;
    this.reveal(problems);
  }

  useOptions(options: ScrapeForm): void {
    this.form = structuredClone(options);
    this.rowsMoved();
  }

  /** When the screen goes: what is typed is saved, nothing more is asked. */
  leave(): void {
    clearTimeout(this.#estimateTimer);
    clearTimeout(this.#saveTimer);
    const named = this.view !== null && this.name !== this.view.name;
    if (named) void this.save(this.name);
    else if (this.#unsaved) void this.save();
    void this.table.commitEdit();
  }

  async #saveNow(name: string | undefined): Promise<boolean> {
    const before = this.view;
    if (!before) return true;
    const options = trimmed($state.snapshot(this.form));
    const form = { name: name ?? before.name, options };
    try {
      const view = await this.keep(backend.updateCollection(this.id, form));
      this.#take(view);
      this.saveError = null;
      if (name !== undefined) {
        if (this.name === name) this.name = view.name;
        this.nameProblem = '';
      }
      const written = JSON.stringify(options);
      const changed = written !== this.#savedOptions;
      this.#savedOptions = written;
      this.#unsaved = JSON.stringify(trimmed($state.snapshot(this.form))) !== written;
      if (changed) await this.accountChanged();
      return true;
    } catch (cause) {
      this.#notSaved(asAppError(cause));
      return false;
    }
  }

  #take(view: CollectionView): void {
    this.view = view;
    this.found(view.problems);
  }

  #notSaved(error: AppError): void {
    const name = error.problems.find(({ field }) => field === 'name');
    if (name) {
      this.nameProblem = name.message;
      return;
    }
    this.saveError = error;
    this.announcement = errorSentence(error);
  }

  async #askReport(): Promise<void> {
    try {
      this.reported(await backend.report(this.id));
    } catch (cause) {
      this.announcement = errorSentence(asAppError(cause));
    }
  }
}

/** Empty lines of a list that is typed line by line say nothing. */
function trimmed(form: ScrapeForm): ScrapeForm {
  const parts = form.block_requests.map((part) => part.trim()).filter(Boolean);
  return { ...form, address: '', block_requests: parts };
}
