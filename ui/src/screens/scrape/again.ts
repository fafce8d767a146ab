import type { ResultView, ScrapeForm } from '../../backend';
import { app } from '../../state/app.svelte';

/** What a result was asked for by. A page of a run has its address beside its options. */
export function formOf({ form, address }: ResultView): ScrapeForm {
  return { ...form, address: form.address || address };
}

/** The page and its options stand in the scrape screen again; the person sends them, or not. */
export function scrapeAgain(result: ResultView): void {
  app.openScrape({ kind: 'form', form: formOf(result) });
}
