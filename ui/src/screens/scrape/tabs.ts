/** The views of a result: which there are, what each needs, and how to get what is missing. */
import type { PartView, ResultView } from '../../backend';
import type { ResultTab } from '../../state/scrape.svelte';

export interface TabWords {
  tab: ResultTab;
  label: string;
  /** Rows or calls; none where there is nothing to count. */
  count: number | null;
}

export function tabsOf(result: ResultView): TabWords[] {
  return [
    { tab: 'preview', label: 'Preview', count: null },
    { tab: 'screenshot', label: 'Screenshot', count: null },
    { tab: 'data', label: 'Data', count: part(result, 'data')?.count ?? null },
    { tab: 'source', label: 'Source', count: null },
    { tab: 'markdown', label: 'Markdown', count: null },
    { tab: 'network', label: 'Network', count: part(result, 'network')?.count ?? null },
    { tab: 'details', label: 'Details', count: null },
  ];
}

/** True when the view has something to show. */
export function partOf(result: ResultView, tab: ResultTab): boolean {
  switch (tab) {
    case 'preview':
      return (
        part(result, 'page') !== null ||
        part(result, 'file') !== null ||
        part(result, 'markdown') !== null
      );
    case 'screenshot':
    case 'data':
    case 'markdown':
    case 'network':
      return part(result, tab) !== null;
    case 'source':
      return part(result, 'page') !== null;
    case 'details':
      return true;
  }
}

export interface AbsentWords {
  title: string;
  text: string;
}

/** Why a view is empty and how to fill it. */
export function absentWords(result: ResultView, tab: ResultTab): AbsentWords {
  const file = part(result, 'file') !== null;
  switch (tab) {
    case 'screenshot':
      return {
        title: 'No screenshot',
        text: file
          ? 'There is a file at this address, not a page.'
          : 'Turn on Take a screenshot and scrape again.',
      };
    case 'data':
      return {
        title: 'No data',
        text: file
          ? 'Fields are read from pages. There is a file at this address.'
          : 'Add a field under Extract, such as a price, and scrape again.',
      };
    case 'source':
      return {
        title: 'No source',
        text: file
          ? 'There is a file at this address, not a page.'
          : 'This page came as Markdown. Choose Result as HTML and scrape again.',
      };
    case 'markdown':
      return {
        title: 'No Markdown',
        text: file
          ? 'Markdown is made from pages. There is a file at this address.'
          : 'Choose Result as Markdown and scrape again.',
      };
    case 'network':
      return {
        title: 'Nothing was recorded',
        text: 'Turn on Record what the page loads, under Advanced, and scrape again.',
      };
    case 'preview':
    case 'details':
      return { title: 'Nothing to show', text: 'The site sent an empty page.' };
  }
}

export function part(result: ResultView, wanted: PartView['part']): PartView | null {
  return result.parts.find((view) => view.part === wanted) ?? null;
}
