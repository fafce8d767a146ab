// A file on its way into a collection: read, explained, changed, applied.

import {
  backend,
  type AppError,
  type FieldProblem,
  type ImportChoice,
  type ImportProgress,
  type ImportView,
  type PageColumn,
  type PagesAdded,
} from '../../../backend';
import { asAppError } from '../../../errors';

export type ImportStep = 'closed' | 'opening' | 'choosing' | 'reading' | 'applying';

export class FileImport {
  step = $state<ImportStep>('closed');
  /** While there is no view yet. */
  fileName = $state('');
  view = $state.raw<ImportView | null>(null);
  progress = $state.raw<ImportProgress | null>(null);
  meanings = $state<(PageColumn | null)[]>([]);
  problems = $state.raw<FieldProblem[]>([]);
  error = $state.raw<AppError | null>(null);

  readonly open = $derived(this.step !== 'closed' || this.error !== null);
  readonly busy = $derived(
    this.step === 'opening' || this.step === 'reading' || this.step === 'applying',
  );

  readonly #collectionId: string;
  readonly #added: (added: PagesAdded) => Promise<void>;
  #id = '';

  constructor(collectionId: string, added: (added: PagesAdded) => Promise<void>) {
    this.#collectionId = collectionId;
    this.#added = added;
  }

  async choose(): Promise<void> {
    await this.#openWith('', (id, tell) => backend.chooseImport(id, tell));
  }

  async drop(path: string): Promise<void> {
    const name = path.split(/[\\/]/).pop() ?? path;
    await this.#openWith(name, (id, tell) => backend.importDropped(id, path, tell));
  }

  /** Reads the file again in another way. */
  async change(change: Partial<ImportChoice>): Promise<void> {
    const before = this.view;
    if (!before || this.busy) return;
    const id = this.#id;
    this.step = 'reading';
    this.progress = null;
    this.error = null;
    try {
      const view = await backend.changeImport(id, { ...before.choice, ...change }, this.#tell(id));
      if (id === this.#id) this.#take(view);
    } catch (cause) {
      if (id !== this.#id) return;
      this.step = 'choosing';
      // Shows the choice that holds.
      this.view = { ...before };
      this.#fail(cause);
    }
  }

  setMeaning(column: number, meaning: PageColumn | null): void {
    this.meanings[column] = meaning;
    this.problems = [];
  }

  async apply(): Promise<void> {
    if (!this.view || this.busy) return;
    const id = this.#id;
    this.step = 'applying';
    this.progress = null;
    this.error = null;
    this.problems = [];
    try {
      const meanings = $state.snapshot(this.meanings);
      const added = await backend.applyImport(id, this.#collectionId, meanings, this.#tell(id));
      if (id === this.#id) this.#forget();
      await this.#added(added);
    } catch (cause) {
      if (id !== this.#id) return;
      this.step = 'choosing';
      this.#fail(cause);
    }
  }

  /** Stops at any point; nothing is added. */
  async close(): Promise<void> {
    const id = this.#id;
    const open = this.step !== 'closed';
    this.#forget();
    if (open) await backend.cancelImport(id).catch(() => undefined);
  }

  problem(field: string): string {
    return this.problems.find((problem) => problem.field === field)?.message ?? '';
  }

  async #openWith(
    name: string,
    read: (id: string, tell: (step: ImportProgress) => void) => Promise<ImportView | null>,
  ): Promise<void> {
    await this.close();
    const id = crypto.randomUUID();
    this.#id = id;
    this.fileName = name;
    this.step = 'opening';
    try {
      const view = await read(id, this.#tell(id));
      if (id !== this.#id) return;
      if (view) this.#take(view);
      else this.#forget();
    } catch (cause) {
      if (id !== this.#id) return;
      this.step = 'closed';
      this.#fail(cause);
    }
  }

  #take(view: ImportView): void {
    this.view = view;
    this.fileName = view.file_name;
    this.meanings = view.columns.map(({ meaning }) => meaning);
    this.problems = [];
    this.error = null;
    this.step = 'choosing';
  }

  #tell(id: string): (step: ImportProgress) => void {
    return (step) => {
      if (id === this.#id) this.progress = step;
    };
  }

  #fail(cause: unknown): void {
    const error = asAppError(cause);
    if (error.code === 'cancelled') return;
    if (error.problems.length > 0) this.problems = error.problems;
    else this.error = error;
  }

  #forget(): void {
    this.#id = '';
    this.step = 'closed';
    this.view = null;
    this.progress = null;
    this.meanings = [];
    this.problems = [];
    this.error = null;
  }
}
