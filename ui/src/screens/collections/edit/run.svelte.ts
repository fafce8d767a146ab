// From "Run…" to a run: what it is, what it can cost, and once more when that is more than there is.

import { backend, type AppError, type EstimateView } from '../../../backend';
import { asAppError } from '../../../errors';
import { app } from '../../../state/app.svelte';
import type { OpenCollection } from './collection.svelte';

export type RunStep = 'closed' | 'asking' | 'asking-again';

export class RunQuestion {
  step = $state<RunStep>('closed');
  /** What the person sees, and agrees to. */
  shown = $state.raw<EstimateView | null>(null);
  /** What it was before it changed. */
  before = $state.raw<EstimateView | null>(null);
  preparing = $state(false);
  starting = $state(false);
  error = $state.raw<AppError | null>(null);

  readonly #collection: OpenCollection;

  constructor(collection: OpenCollection) {
    this.#collection = collection;
  }

  async open(): Promise<void> {
    if (this.preparing || this.step !== 'closed') return;
    this.preparing = true;
    try {
      if (!(await this.#collection.settle())) return;
      const problems = this.#collection.view?.problems ?? [];
      if (problems.length > 0) {
        this.#collection.showProblems(problems);
        return;
      }
      this.error = null;
      this.before = null;
      this.shown = await this.#collection.estimateNow();
      this.step = this.shown ? 'asking' : 'closed';
    } finally {
      this.preparing = false;
    }
  }

  /** The first yes. It suffices where nothing is crossed. */
  async agree(): Promise<void> {
    const shown = this.shown;
    if (!shown || this.starting) return;
    if (this.step === 'asking' && (shown.over_quota || shown.over_budget)) {
      this.step = 'asking-again';
      return;
    }
    await this.#start(shown);
  }

  close(): void {
    if (this.starting) return;
    this.step = 'closed';
  }

  async #start(shown: EstimateView): Promise<void> {
    this.starting = true;
    this.error = null;
    try {
      const { run } = await backend.startRun({
        collection_id: this.#collection.id,
        confirmed_ceiling: shown.credits,
      });
      this.step = 'closed';
      app.openRun(run.id);
    } catch (cause) {
      await this.#failed(asAppError(cause), shown);
    } finally {
      this.starting = false;
    }
  }

  async #failed(error: AppError, shown: EstimateView): Promise<void> {
    if (error.code === 'price_changed') {
      const now = await this.#collection.estimateNow();
      if (now) {
        this.before = shown;
        this.shown = now;
        this.step = 'asking';
        return;
      }
    }
    if (error.problems.length > 0) {
      this.step = 'closed';
      this.#collection.showProblems(error.problems);
      return;
    }
    this.error = error;
  }
}
