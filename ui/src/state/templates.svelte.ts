// Options under a name, for the scrape screen and the palette.

import { backend, type AppError, type ScrapeForm, type TemplateView } from '../backend';
import { asAppError } from '../errors';
import { app } from './app.svelte';
import { scrape } from './scrape.svelte';
import { toasts } from './toasts.svelte';

class Templates {
  list = $state.raw<TemplateView[]>([]);
  error = $state.raw<AppError | null>(null);

  async load(): Promise<void> {
    try {
      this.list = await backend.templates();
      this.error = null;
    } catch (cause) {
      this.error = asAppError(cause);
    }
  }

  /** The address that was typed stays; what stood in the options comes back with Undo. */
  apply({ name, options }: TemplateView): void {
    const before = $state.snapshot(scrape.form);
    if (app.screen !== 'scrape') app.openScrape();
    scrape.useOptions(options);
    toasts.show({
      text: `Using “${name}”`,
      action: { label: 'Undo', act: () => scrape.useOptions(before) },
    });
  }

  /** Throws what the field must show. */
  async save(name: string, options: ScrapeForm): Promise<void> {
    await backend.createTemplate({ name, options });
    await this.load();
  }

  async change({ id }: TemplateView, name: string, options: ScrapeForm): Promise<void> {
    await backend.updateTemplate(id, { name, options });
    await this.load();
  }

  async delete({ id, name }: TemplateView): Promise<void> {
    await this.#attempt(() => backend.deleteTemplate(id));
    if (this.error) return;
    toasts.show({
      text: `Deleted “${name}”`,
      action: {
        label: 'Undo',
        act: () => void this.#attempt(() => backend.restoreTemplate(id)),
      },
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      await this.load();
    } catch (cause) {
      this.error = asAppError(cause);
    }
  }
}

export const templates = new Templates();
