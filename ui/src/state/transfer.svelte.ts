// The library on its way into a file or out of one: goes on while the person looks at something else.

import { backend, type AppError, type TransferProgress } from '../backend';
import { asAppError, errorSentence } from '../errors';
import { plural } from '../format';
import { app } from './app.svelte';
import { library } from './library.svelte';
import { toasts } from './toasts.svelte';

export type TransferKind = 'export' | 'import';

class Transfer {
  running = $state.raw<{ id: string; kind: TransferKind } | null>(null);
  /** Null while the dialog of the system is open. */
  progress = $state.raw<TransferProgress | null>(null);
  error = $state.raw<AppError | null>(null);
  cancelling = $state(false);

  async start(kind: TransferKind): Promise<void> {
    if (this.running) return;
    const id = crypto.randomUUID();
    this.running = { id, kind };
    this.progress = null;
    this.error = null;
    this.cancelling = false;
    try {
      await (kind === 'export' ? this.#export(id) : this.#import(id));
    } catch (cause) {
      this.#fail(asAppError(cause), kind);
    } finally {
      this.running = null;
      this.progress = null;
    }
  }

  async cancel(): Promise<void> {
    if (!this.running) return;
    this.cancelling = true;
    await backend.cancelLibraryTransfer(this.running.id).catch(() => (this.cancelling = false));
  }

  async #export(id: string): Promise<void> {
    const exported = await backend.exportLibrary(id, (step) => (this.progress = step));
    if (!exported) return;
    toasts.show({
      text: `Saved ${exported.file.name}`,
      detail:
        exported.lost > 0
          ? `${plural(exported.results, 'result')}. ${plural(exported.lost, 'damaged result')} could not be read.`
          : `${plural(exported.results, 'result')} in ${exported.file.folder}`,
      tone: 'ok',
      action: {
        label: 'Show in folder',
        act: () => void backend.showInFolder(exported.file.path).catch(() => undefined),
      },
    });
  }

  async #import(id: string): Promise<void> {
    const imported = await backend.importLibrary(id, (step) => (this.progress = step));
    if (!imported) return;
    await Promise.all([library.load(), library.loadFilters()]);
    toasts.show({
      text: imported.cancelled
        ? `Stopped after ${plural(imported.added, 'result')}`
        : `Imported ${plural(imported.added, 'result')}`,
      detail:
        imported.known > 0 ? `${plural(imported.known, 'result')} were there already.` : undefined,
      tone: 'ok',
      action: { label: 'Open the library', act: () => app.openLibrary() },
    });
  }

  #fail(error: AppError, kind: TransferKind): void {
    if (error.code === 'cancelled') {
      toasts.show({ text: 'Cancelled. No file was written.', tone: 'plain' });
      return;
    }
    this.error = error;
    if (app.screen === 'settings' && app.pane === 'library') return;
    toasts.show({
      text: kind === 'export' ? 'The export did not work' : 'The import did not work',
      detail: error.problems[0]?.message ?? errorSentence(error),
      tone: 'bad',
      action: { label: 'More', act: () => app.openSettings('library') },
    });
  }
}

export const transfer = new Transfer();
