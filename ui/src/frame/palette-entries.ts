// What the palette offers: places, what the screen can do now, accounts, and earlier results.

import type { CollectionRow, ResultSummary, RunSummary } from '../backend';
import { plural, when } from '../format';
import { shortcut } from '../shortcuts';
import { type ActionKey, actions } from '../state/actions.svelte';
import { app, type SettingsPane } from '../state/app.svelte';
import { asLastRun } from '../state/run-progress';
import { runWords } from '../state/run-words';
import { library } from '../state/library.svelte';
import { runs } from '../state/runs.svelte';
import { templates } from '../state/templates.svelte';
import type { IconName } from '../icons';
import { addressIn, type PaletteEntry } from './palette';

const PANES: { pane: SettingsPane; label: string }[] = [
  { pane: 'accounts', label: 'Settings: Accounts' },
  { pane: 'appearance', label: 'Settings: Appearance' },
  { pane: 'saving', label: 'Settings: Saving' },
  { pane: 'runs', label: 'Settings: Runs' },
  { pane: 'network', label: 'Settings: Network' },
  { pane: 'library', label: 'Settings: Library' },
  { pane: 'about', label: 'Settings: About' },
];

const SCREEN_ACTIONS: { key: ActionKey; label: string; icon: IconName; hint?: string }[] = [
  { key: 'scrape', label: 'Scrape this page', icon: 'play', hint: 'Ctrl Enter' },
  { key: 'toggle-options', label: 'Show or hide options', icon: 'sliders', hint: 'Ctrl I' },
  { key: 'save', label: 'Save result…', icon: 'save', hint: 'Ctrl S' },
  { key: 'copy', label: 'Copy result', icon: 'copy', hint: 'Ctrl Shift C' },
  { key: 'copy-curl', label: 'Copy request as cURL', icon: 'code' },
  { key: 'copy-python', label: 'Copy request as Python', icon: 'code' },
  { key: 'copy-json', label: 'Copy request as JSON', icon: 'code' },
  { key: 'many-pages', label: 'Run on many pages…', icon: 'layers' },
];

/** What the library holds of what is typed. */
export interface Found {
  results: ResultSummary[];
  collections: CollectionRow[];
}

export function entries(
  query: string,
  found: Found,
  attempt: (work: Promise<unknown>) => void,
): PaletteEntry[] {
  return [
    ...typedAddress(query),
    ...places(),
    ...screenActions(attempt),
    ...useTemplates(),
    ...lists(found.collections),
    ...recent(found.results),
    ...librarySearch(query),
  ];
}

function typedAddress(query: string): PaletteEntry[] {
  const address = addressIn(query);
  if (!address) return [];
  const run = () => app.openScrape({ kind: 'address', address });
  return [{ id: 'typed', group: 'Actions', label: `New scrape of ${address}`, icon: 'scan', run }];
}

function librarySearch(query: string): PaletteEntry[] {
  const find = query.trim();
  if (find === '') return [];
  const run = () => {
    library.search(find);
    app.openLibrary();
  };
  return [
    {
      id: 'find',
      group: 'Recent results',
      label: 'Search the whole library',
      icon: 'search',
      hint: find,
      found: true,
      run,
    },
  ];
}

function places(): PaletteEntry[] {
  const panes = PANES.map<PaletteEntry>(({ pane, label }) => ({
    id: `pane-${pane}`,
    group: 'Places',
    label,
    icon: 'settings',
    run: () => app.openSettings(pane),
  }));
  const scrape: PaletteEntry = {
    id: 'place-scrape',
    group: 'Places',
    label: 'Scrape',
    icon: 'scan',
    hint: shortcut('Ctrl 1'),
    run: () => app.openScrape(),
  };
  const collections: PaletteEntry = {
    id: 'place-collections',
    group: 'Places',
    label: 'Collections',
    icon: 'layers',
    hint: shortcut('Ctrl 2'),
    run: () => app.openCollections(),
  };
  const proxies: PaletteEntry = {
    id: 'place-proxies',
    group: 'Places',
    label: 'Proxies',
    icon: 'globe',
    hint: shortcut('Ctrl 5'),
    run: () => app.openProxies(),
  };
  const usage: PaletteEntry = {
    id: 'place-usage',
    group: 'Places',
    label: 'Usage & billing',
    icon: 'chart',
    hint: shortcut('Ctrl 6'),
    run: () => app.openUsage(),
  };
  const library: PaletteEntry = {
    id: 'place-library',
    group: 'Places',
    label: 'Library',
    icon: 'library',
    hint: shortcut('Ctrl 3'),
    run: () => app.openLibrary(),
  };
  return [scrape, collections, library, proxies, usage, ...panes];
}

function screenActions(attempt: (work: Promise<unknown>) => void): PaletteEntry[] {
  const list: PaletteEntry[] = [
    action('new', 'New scrape', 'plus', () => app.openScrape({ kind: 'new' })),
    {
      ...action('collection', 'New collection', 'plus', () => (app.overlay = 'new-collection')),
      hint: shortcut('Ctrl N'),
    },
    action('paste', 'Paste addresses…', 'paste', () => (app.overlay = 'paste-collection')),
    {
      ...action('address', 'Go to the address bar', 'pointer', focusAddress),
      hint: shortcut('Ctrl L'),
    },
  ];
  for (const { key, label, icon, hint } of SCREEN_ACTIONS) {
    if (!actions.has(key)) continue;
    const entry = action(key, label, icon, () => actions.run(key));
    list.push(hint ? { ...entry, hint: shortcut(hint) } : entry);
  }
  const theme = (id: 'light' | 'dark' | 'system', label: string, icon: IconName) =>
    action(`theme-${id}`, label, icon, () => attempt(app.changeSettings({ theme: id })));
  list.push(
    theme('light', 'Light theme', 'sun'),
    theme('dark', 'Dark theme', 'moon'),
    theme('system', 'Theme as the system', 'monitor'),
    action('health', 'Service health', 'network', () => (app.overlay = 'health')),
    action('keys', 'Keyboard map', 'keyboard', () => (app.overlay = 'keys')),
    action('add', 'Add account…', 'user', () => (app.overlay = 'add-account')),
  );
  const others = app.accounts.filter(({ active }) => !active);
  return [
    ...list,
    ...others.map<PaletteEntry>(({ id, name, kind }) => ({
      id: `account-${id}`,
      group: 'Accounts',
      label: `Use ${name}`,
      icon: kind === 'local' ? 'laptop' : 'user',
      run: () => attempt(app.selectAccount(id)),
    })),
  ];
}

function useTemplates(): PaletteEntry[] {
  return templates.list.map((template) => ({
    id: `template-${template.id}`,
    group: 'Actions',
    label: `Use template: ${template.name}`,
    icon: 'bookmark',
    run: () => templates.apply(template),
  }));
}

function lists(rows: CollectionRow[]): PaletteEntry[] {
  return rows.map((row) => ({
    id: `collection-${row.id}`,
    group: 'Collections',
    label: row.name,
    icon: 'layers',
    hint: state(row, runs.going),
    found: true,
    run: () => app.openCollection(row.id),
  }));
}

function state(row: CollectionRow, going: RunSummary[]): string {
  const run = going.find(({ id }) => id === row.last_run?.id);
  if (!run) return plural(row.pages, 'page');
  const { word, amount } = runWords(asLastRun(run));
  return [word, amount].filter(Boolean).join(', ');
}

function recent(results: ResultSummary[]): PaletteEntry[] {
  return results.map(({ id, title, verdict, created_at }) => ({
    id: `result-${id}`,
    group: 'Recent results',
    label: title,
    icon: verdict === 'success' ? 'file-text' : 'alert',
    hint: when(created_at),
    found: true,
    run: () => app.openScrape({ kind: 'result', id }),
  }));
}

function action(id: string, label: string, icon: IconName, run: () => void): PaletteEntry {
  return { id: `action-${id}`, group: 'Actions', label, icon, run };
}

/** The scrape screen registers its address bar once it shows. */
export function focusAddress(): void {
  app.openScrape();
  requestAnimationFrame(() => actions.run('focus-address'));
}
