/** What can be taken out of a result, and the taking. */
import {
  backend,
  type Part,
  type ResultView,
  type SaveKind,
  type ScrapeForm,
  type SnippetKind,
} from '../../backend';
import { asAppError, errorSentence, ERROR_WORDS } from '../../errors';
import { plural } from '../../format';
import type { IconName } from '../../icons';
import { confirm } from '../../state/confirm.svelte';
import type { ResultTab } from '../../state/scrape.svelte';
import { toasts } from '../../state/toasts.svelte';

export interface Saveable {
  kind: SaveKind;
  label: string;
  icon: IconName;
}

const SAVEABLE: (Saveable & { part: Part })[] = [
  { part: 'file', kind: 'file', label: 'File…', icon: 'file' },
  { part: 'page', kind: 'page', label: 'Page (HTML)…', icon: 'code' },
  { part: 'markdown', kind: 'markdown', label: 'Markdown…', icon: 'file-text' },
  { part: 'screenshot', kind: 'screenshot', label: 'Screenshot (PNG)…', icon: 'file-image' },
  { part: 'data', kind: 'data_csv', label: 'Table (CSV)…', icon: 'file-table' },
  { part: 'data', kind: 'data_json', label: 'Table (JSON)…', icon: 'code' },
  { part: 'network', kind: 'network_json', label: 'What the page loaded (JSON)…', icon: 'network' },
];

export function saveables(result: ResultView): Saveable[] {
  return SAVEABLE.filter(({ part }) => has(result, part));
}

export function has(result: ResultView, part: Part): boolean {
  return result.parts.some((view) => view.part === part);
}

const SAVED_BY_TAB: Partial<Record<ResultTab, SaveKind>> = {
  screenshot: 'screenshot',
  data: 'data_csv',
  source: 'page',
  markdown: 'markdown',
  network: 'network_json',
};

/** What the save key takes: what the view shows, else the first there is. */
export function savedFirst(result: ResultView, tab: ResultTab): SaveKind | null {
  const all = saveables(result);
  return (all.find(({ kind }) => kind === SAVED_BY_TAB[tab]) ?? all[0])?.kind ?? null;
}

const COPIED_BY_TAB: Partial<Record<ResultTab, Part>> = {
  data: 'data',
  source: 'page',
  markdown: 'markdown',
};

/** What "Copy" takes: what the view shows, else the table, else the text that reads most easily. */
export function copiedFirst(result: ResultView, tab: ResultTab): Part | null {
  const order: (Part | undefined)[] = [COPIED_BY_TAB[tab], 'data', 'markdown', 'page'];
  return order.find((part) => part !== undefined && has(result, part)) ?? null;
}

export async function save(result: ResultView, kind: SaveKind): Promise<void> {
  try {
    const saved = await backend.savePart(result.id, kind);
    if (!saved) return;
    toasts.show({
      text: `Saved ${saved.name}`,
      detail: saved.path,
      tone: 'ok',
      action: {
        label: 'Show in folder',
        act: () => void report(backend.showInFolder(saved.path), 'The folder did not open'),
      },
    });
  } catch (cause) {
    const error = asAppError(cause);
    toasts.show({ text: ERROR_WORDS[error.code].title, detail: errorSentence(error), tone: 'bad' });
  }
}

const COPIED: Record<Part, string> = {
  page: 'the page',
  markdown: 'the Markdown',
  data: 'the table',
  screenshot: 'the screenshot',
  network: 'the list',
  file: 'the file',
};

export async function copy(result: ResultView, part: Part): Promise<void> {
  try {
    const characters = await backend.copyPart(result.id, part);
    toasts.show({
      text: `Copied ${COPIED[part]}`,
      detail: plural(characters, 'character'),
      tone: 'ok',
    });
  } catch (cause) {
    const error = asAppError(cause);
    toasts.show({ text: 'Copying did not work', detail: errorSentence(error), tone: 'bad' });
  }
}

export const SNIPPETS: { kind: SnippetKind; name: string }[] = [
  { kind: 'curl', name: 'cURL' },
  { kind: 'python', name: 'Python' },
  { kind: 'json', name: 'JSON' },
];

/** The request for a developer, or for another program. The key stays here. */
export async function copyRequest(form: ScrapeForm, kind: SnippetKind): Promise<void> {
  const name = SNIPPETS.find((snippet) => snippet.kind === kind)?.name ?? '';
  try {
    await backend.copyRequest(form, kind);
    const detail = kind === 'json' ? undefined : 'Your key is not in it: set SP_TOKEN to it.';
    toasts.show({ text: `Copied the request as ${name}`, detail, tone: 'ok' });
  } catch (cause) {
    const error = asAppError(cause);
    const detail = error.problems[0]?.message ?? errorSentence(error);
    toasts.show({ text: 'Copying did not work', detail, tone: 'bad' });
  }
}

/** The absolute http(s) address a value stands for, if it stands for one. */
export function linkOf(value: string, page: string): string | null {
  if (!/^(https?:\/\/|\/)[^\s]+$/i.test(value)) return null;
  try {
    const link = new URL(value, page);
    return link.protocol === 'http:' || link.protocol === 'https:' ? link.href : null;
  } catch {
    return null;
  }
}

/** Shows the whole address first; nothing opens by itself. */
export async function openLink(address: string): Promise<void> {
  const agreed = await confirm.ask({
    title: 'Open this link?',
    text: address,
    keep: 'Stay here',
    act: 'Open in your browser',
    danger: false,
  });
  if (agreed) await report(backend.openLink(address), 'The link did not open');
}

async function report(done: Promise<void>, failed: string): Promise<void> {
  try {
    await done;
  } catch (cause) {
    toasts.show({ text: failed, detail: errorSentence(asAppError(cause)), tone: 'bad' });
  }
}
