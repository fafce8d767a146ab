import type { ResultView } from '../../backend';
import { app } from '../../state/app.svelte';

/** The page and its options stand in the scrape screen again; the person sends them, or not. */
export function scrapeAgain({ form, address }: ResultView): void {
  app.openScrape({ kind: 'form', form: { ...form, address: form.address || address } });
}
