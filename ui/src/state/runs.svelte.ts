// The runs that go on, for the whole window: one subscription, and a message at each end.

import { backend, type RunSummary, type Stop } from '../backend';
import { app } from './app.svelte';
import { endMessage, progressOf } from './run-progress';
import { toasts } from './toasts.svelte';

class Runs {
  /** Those that have not ended. */
  going = $state.raw<RunSummary[]>([]);
  readonly progress = $derived(progressOf(this.going));
  /** Changes when a run begins or ends, and not while it only moves. */
  readonly which = $derived(
    this.going
      .map(({ id }) => id)
      .sort()
      .join(),
  );

  /** Watches until what it answers with is called. */
  watch(): Stop {
    const stops = [
      backend.watchRuns((going) => (this.going = going)),
      backend.onRunEnded((run) => tellEnd(run)),
    ];
    return () => stops.forEach((stop) => stop());
  }
}

function tellEnd(run: RunSummary): void {
  // It may have charged credits.
  void app.refreshAccounts().catch(() => undefined);
  if (app.screen === 'run' && app.runId === run.id) return;
  toasts.show({
    ...endMessage(run),
    action: { label: 'Open run', act: () => app.openRun(run.id) },
  });
}

export const runs = new Runs();
