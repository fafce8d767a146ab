// "Try 5 first": a few pages of the list, before all of them are paid for.

import { backend, type AppError, type TrialView } from '../../../backend';
import { asAppError } from '../../../errors';
import { plural } from '../../../format';
import { app } from '../../../state/app.svelte';
import type { OpenCollection } from './collection.svelte';
import { trialCeiling } from './words';

const trials: Record<string, Trial> = {};

/** It outlives the screen, so that a result can be looked at and the others are still there. */
export function trialOf(collectionId: string): Trial {
  return (trials[collectionId] ??= new Trial());
}

export class Trial {
  view = $state.raw<TrialView | null>(null);
  running = $state(false);
  /** It was stopped before all pages were tried. */
  cancelled = $state(false);
  /** What is to be known of a cancel, or of a price that is not what it was. */
  note = $state('');
  error = $state.raw<AppError | null>(null);

  #id = '';

  async start(collection: OpenCollection): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.cancelled = false;
    this.note = '';
    this.error = null;
    this.view = null;
    const estimate = collection.estimate;
    const id = crypto.randomUUID();
    this.#id = id;
    try {
      if (!estimate || !(await collection.settle())) return;
      const { pages, credits } = trialCeiling(estimate);
      const view = await backend.tryPages(
        {
          collection_id: collection.id,
          trial_id: id,
          pages,
          confirmed_ceiling: credits,
        },
        (step) => {
          if (id === this.#id && !this.cancelled) this.view = step;
        },
      );
      if (!this.cancelled) {
        this.view = view;
        collection.announcement = `${plural(view.pages.length, 'page')} tried.`;
      }
    } catch (cause) {
      await this.#failed(collection, asAppError(cause));
    } finally {
      this.running = false;
    }
    collection.askEstimate();
    void app.refreshAccounts().catch(() => undefined);
  }

  async cancel(): Promise<void> {
    if (!this.running || this.cancelled) return;
    this.cancelled = true;
    try {
      const mayCharge = await backend.cancelTrial(this.#id);
      this.note = mayCharge
        ? 'Cancelled. The service may still charge for the pages that were on their way.'
        : 'Cancelled. Nothing was charged.';
    } catch (cause) {
      this.error = asAppError(cause);
    }
  }

  close(): void {
    this.view = null;
    this.note = '';
    this.error = null;
  }

  async #failed(collection: OpenCollection, error: AppError): Promise<void> {
    if (error.code === 'cancelled') return;
    if (error.code === 'price_changed') {
      await collection.estimateNow();
      this.note = 'The price is not what it was. Look at the new one, and try again.';
    } else if (error.problems.length > 0) {
      collection.showProblems(error.problems);
    } else {
      this.error = error;
    }
  }
}
