// The fake backend's files. What is in one follows from its name: `.xml` is a sitemap of 50,000
// pages, `.xlsx` has two sheets, `.txt` one address a line; `broken` cannot be read and `slow` takes
// its time. The dialog gives `suppliers-october.csv`.

import { failure } from './fake-accounts';
import type { Reply } from './fake-collections';
import type { NewPage } from './fake-pages';
import type { CollectionsBackend } from './index';
import type {
  ImportChoice,
  ImportColumn,
  ImportProgress,
  ImportView,
  PageColumn,
  PagesAdded,
} from './types';

type ImportBackend = Pick<
  CollectionsBackend,
  | 'chooseImport'
  | 'importDropped'
  | 'changeImport'
  | 'applyImport'
  | 'cancelImport'
  | 'onFilesDropped'
  | 'onFilesHeld'
>;

type Tell = (step: ImportProgress) => void;

interface OpenImport {
  view: ImportView;
  cancel: () => void;
  cancelled: Promise<never>;
}

const TABLE_ROWS = 497;
const SITEMAP_ROWS = 50_000;
const STEPS = 8;
const ENCODINGS = ['UTF-8', 'windows-1252', 'UTF-16LE', 'Shift_JIS'];

export function fakeImports(
  reply: Reply,
  pace: number,
  add: (collectionId: string, pages: NewPage[]) => PagesAdded,
): ImportBackend {
  const open = new Map<string, OpenImport>();

  function begin(importId: string, view: ImportView): OpenImport {
    let cancel: () => void = () => undefined;
    const cancelled = new Promise<never>((_, reject) => {
      cancel = () => reject(failure('cancelled'));
    });
    cancelled.catch(() => undefined);
    const entry = { view, cancel, cancelled };
    open.set(importId, entry);
    return entry;
  }

  /** Tells of its progress until it is done or cancelled. */
  function read<T>(entry: OpenImport, counting: boolean, tell: Tell, make: () => T): Promise<T> {
    const { rows, file_name: name } = entry.view;
    const work = async () => {
      for (let step = 1; step <= STEPS; step += 1) {
        await new Promise((done) => setTimeout(done, (name.includes('slow') ? 900 : 15) * pace));
        const read = Math.round((rows * step) / STEPS);
        tell({ rows: read, total: counting ? 0 : rows });
      }
      return make();
    };
    return Promise.race([work(), entry.cancelled]);
  }

  async function openFile(importId: string, name: string, tell: Tell): Promise<ImportView> {
    if (name.includes('broken')) {
      throw failure('invalid_form', {
        message: `${name} is not a table, a list or a sitemap this app can read.`,
      });
    }
    const entry = begin(importId, viewOf(importId, name, firstChoice(name)));
    return read(entry, true, tell, () => structuredClone(entry.view));
  }

  function opened(importId: string): OpenImport {
    const entry = open.get(importId);
    if (!entry) {
      throw failure('not_found', { message: 'This import is closed. Choose the file again.' });
    }
    return entry;
  }

  return {
    chooseImport: async (importId, tell) => {
      await reply('choose_import', () => undefined);
      return openFile(importId, 'suppliers-october.csv', tell);
    },
    importDropped: async (importId, path, tell) => {
      await reply('import_dropped', () => undefined);
      return openFile(importId, path.split('/').pop() ?? path, tell);
    },
    changeImport: async (importId, choice, tell) => {
      await reply('change_import', () => undefined);
      const entry = opened(importId);
      return read(entry, true, tell, () => {
        entry.view = viewOf(importId, entry.view.file_name, choice);
        return structuredClone(entry.view);
      });
    },
    applyImport: async (importId, collectionId, meanings, tell) => {
      await reply('apply_import', () => checkMeanings(meanings));
      const entry = opened(importId);
      const added = await read(entry, false, tell, () =>
        add(collectionId, pagesOf(entry.view, meanings)),
      );
      open.delete(importId);
      return added;
    },
    cancelImport: (importId) =>
      reply('cancel_import', () => {
        open.get(importId)?.cancel();
        open.delete(importId);
      }),
    onFilesDropped: (tell) => {
      const dropped = (event: Event) => {
        if (event instanceof CustomEvent) tell([String(event.detail)]);
      };
      window.addEventListener('fake-drop', dropped);
      return () => window.removeEventListener('fake-drop', dropped);
    },
    onFilesHeld: (tell) => {
      const held = (event: Event) => {
        if (event instanceof CustomEvent) tell(Boolean(event.detail));
      };
      window.addEventListener('fake-hold', held);
      return () => window.removeEventListener('fake-hold', held);
    },
  };
}

/** Lines of cells apart by tabs, semicolons or commas; the first cell is the address. */
export function pastedPages(text: string): NewPage[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/[\t;,]/).map((cell) => cell.trim()))
    .map(([address = '', label = '']) => ({ address, label, own: [] }));
}

function firstChoice(name: string): ImportChoice {
  const lines = name.endsWith('.txt');
  return {
    separator: lines ? '' : ';',
    encoding: 'UTF-8',
    has_header: !lines,
    sheet: name.endsWith('.xlsx') ? 'October' : '',
  };
}

function viewOf(importId: string, name: string, choice: ImportChoice): ImportView {
  const view: ImportView = {
    import_id: importId,
    file_name: name,
    kind: 'table',
    rows: TABLE_ROWS + (choice.has_header ? 0 : 1),
    columns: columnsOf(choice),
    choice,
    encodings: ENCODINGS,
    sheets: [],
    notes:
      choice.encoding === 'UTF-8'
        ? []
        : ['Some letters cannot be read this way. Try another encoding.'],
  };
  if (name.endsWith('.txt')) return { ...view, kind: 'lines' };
  if (name.endsWith('.xlsx')) {
    const rows = choice.sheet === 'October' ? TABLE_ROWS : 12;
    const sheets = ['October', 'September'];
    return { ...view, kind: 'workbook', rows, encodings: [], sheets };
  }
  if (name.endsWith('.xml')) {
    const samples = [0, 1, 2].map((at) => addressAt(at));
    const columns: ImportColumn[] = [{ name: 'Address', samples, meaning: 'address' }];
    const notes = ['2 sitemaps of the index could not be found.'];
    return { ...view, kind: 'sitemap', rows: SITEMAP_ROWS, encodings: [], columns, notes };
  }
  return view;
}

function columnsOf({ separator, has_header }: ImportChoice): ImportColumn[] {
  const column = (
    at: number,
    name: string,
    samples: string[],
    meaning: PageColumn | null,
  ): ImportColumn => ({
    name: has_header ? name : `Column ${at}`,
    samples: has_header ? samples : [name, ...samples.slice(0, 2)],
    meaning,
  });
  if (separator !== ';') {
    return [column(1, 'product_url', [0, 1, 2].map(addressAt), 'address')];
  }
  return [
    column(1, 'product_url', [0, 1, 2].map(addressAt), 'address'),
    column(2, 'sku', ['TNT-0102', 'TNT-0103', 'TNT-0104'], 'label'),
    column(3, 'store_region', ['Tromsø', 'Bergen', 'Oslo'], null),
    column(4, 'browser', ['yes', 'no', 'yes'], 'browser'),
  ];
}

function addressAt(at: number): string {
  return `https://nordlys-outfitters.example/tents/import-${at + 1}`;
}

function checkMeanings(meanings: (PageColumn | null)[]): void {
  const problems = meanings
    .map((meaning, at) => ({ meaning, at }))
    .filter(({ meaning, at }) => meaning !== null && meanings.indexOf(meaning) < at)
    .map(({ at }) => ({
      field: `columns.${at}`,
      message: 'Another column is this already. Choose something else, or leave it out.',
    }));
  if (!meanings.includes('address')) {
    problems.push({ field: 'columns', message: 'Say which column holds the page addresses.' });
  }
  if (problems.length > 0) throw failure('invalid_form', { problems });
}

function pagesOf({ rows, kind }: ImportView, meanings: (PageColumn | null)[]): NewPage[] {
  const labelled = kind !== 'sitemap' && meanings.includes('label');
  return Array.from({ length: rows }, (_, at) => ({
    address: kind !== 'sitemap' && at % 100 === 41 ? 'not an address' : addressAt(at),
    label: labelled ? `TNT-${String(102 + at).padStart(4, '0')}` : '',
    own: [],
  }));
}
