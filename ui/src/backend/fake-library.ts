// The fake backend's library: what was scraped here, samples with `?library`, and with `?library=100000` as
// many rows as wanted.

import { failure } from './fake-accounts';
import { blockedResult, emptyForm, fileResult, sampleResult } from './fake-shop';
import type { LibraryBackend } from './index';
import type {
  DifferenceLine,
  DifferenceOf,
  DifferenceRow,
  LibraryDisk,
  LibraryQuery,
  LibraryRow,
  ResultView,
} from './types';

type Reply = <T>(command: string, make: () => T) => Promise<T>;

const DAY = 86_400;
const SAMPLES: [title: string, site: string, text: string, age: number][] = [
  ['Tents · Nordlys Outfitters', 'nordlys-outfitters.example', 'Skarv 2', 0.1],
  ['Casas en venta', 'portal-norte.example', 'tres dormitorios', 1],
  ['214 open positions in retail', 'workboard.example', 'cashier', 2],
  ['Bre 4-Season · Nordlys', 'nordlys-outfitters.example', 'winter', 3],
  ['Nes 3 · Nordlys Outfitters', 'nordlys-outfitters.example', 'green', 20],
  ['Lavvo 6 · Nordlys Outfitters', 'nordlys-outfitters.example', 'family', 400],
];

export function keepSamples(results: Map<string, ResultView>): void {
  for (const [at, [title, site, , age]] of SAMPLES.entries()) {
    const field = { name: 'name', selector: '.name', attribute: '', multiple: true };
    const form = {
      ...emptyForm(`https://${site}/page-${at}`),
      browser: true,
      screenshot: true,
      extract: at % 2 === 0 ? [field] : [],
    };
    const made = sampleResult(`sample-${at}`, form, false);
    const created_at = Math.floor(made.created_at - age * DAY);
    results.set(made.id, { ...made, title, site, created_at, address: form.address });
  }
  const pdf = fileResult('sample-pdf', emptyForm('https://fjellsport.example/wholesale.pdf'), true);
  results.set(pdf.id, { ...pdf, site: 'fjellsport.example', created_at: pdf.created_at - 9 * DAY });
  const form = emptyForm('https://guarded.example/');
  const blocked = blockedResult('sample-blocked', form, false);
  results.set(blocked.id, { ...blocked, created_at: blocked.created_at - 12 * DAY });
}

export function fakeLibrary(
  reply: Reply,
  results: Map<string, ResultView>,
  switches: URLSearchParams,
): LibraryBackend {
  const tags = new Map<string, string[]>([['earlier-2', ['prices']]]);
  const gone = new Set<string>();
  let stopped = false;
  const many = Number(switches.get('library') ?? 0);

  if (switches.get('as') === 'empty' || switches.has('nothing')) results.clear();

  const rows = (): LibraryRow[] =>
    [...results.values()]
      .filter(({ id }) => !gone.has(id))
      .map((result) => rowOf(result, tags.get(result.id) ?? []));

  function all(): LibraryRow[] {
    const own = rows();
    const made = Array.from({ length: many }, (_, at) => ({
      ...rowOf(sampleResult('earlier-1', emptyForm('https://many.example/'), true), []),
      id: `earlier-1`,
      title: `Page ${at + 1}`,
      site: 'many.example',
    }));
    return [...own, ...made];
  }

  function matching(query: LibraryQuery): LibraryRow[] {
    const words = query.find.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all().filter((row) => {
      const text = `${row.title} ${row.address} ${textOf(row.title)}`.toLowerCase();
      return (
        words.every((word) => text.includes(word)) &&
        (query.site === '' || row.site === query.site) &&
        (query.tag === '' || row.tags.includes(query.tag)) &&
        (query.verdict === null || row.verdict === query.verdict) &&
        row.created_at >= query.since &&
        (query.before === 0 || row.created_at < query.before)
      );
    });
    const order: Record<LibraryQuery['sort'], (a: LibraryRow, b: LibraryRow) => number> = {
      newest: (a, b) => b.created_at - a.created_at,
      oldest: (a, b) => a.created_at - b.created_at,
      title: (a, b) => a.title.localeCompare(b.title),
      website: (a, b) => a.site.localeCompare(b.site),
    };
    return found.sort(order[query.sort]);
  }

  const disk = (): LibraryDisk => ({
    results: rows().length,
    total: 1_420_000,
    screenshots: 930_000,
    pages: 380_000,
    runs: 70_000,
    lists: 40_000,
    overdue: gone.size > 0 ? 0 : 3,
  });

  return {
    libraryPage: (query) =>
      reply('library_page', () => {
        const found = matching(query);
        const shown = found.filter((row) => isOf(row, query.kind));
        const count = (kind: LibraryQuery['kind']) => found.filter((row) => isOf(row, kind)).length;
        return {
          rows: shown.slice(query.offset, query.offset + query.limit),
          found: shown.length,
          all: found.length,
          data: count('data'),
          screenshots: count('screenshots'),
          files: count('files'),
          until: 1,
          newer: 0,
          unread: switches.has('unread') ? 3200 : 0,
        };
      }),
    libraryFilters: () =>
      reply('library_filters', () => ({
        accounts: [
          { id: 'acme', name: 'Acme – production' },
          { id: 'local', name: 'On this computer' },
        ],
        sites: [...new Set(rows().map(({ site }) => site))].sort(),
        collections: [{ id: 'autumn', name: 'Autumn price check' }],
        tags: [...new Set([...tags.values()].flat())].sort(),
        total: all().length,
      })),
    libraryFacts: (id) =>
      reply('library_facts', () => {
        if (!results.has(id)) throw failure('not_found');
        return {
          run:
            id === 'sample-3'
              ? { id: 'autumn-12', number: 12, collection_name: 'Autumn price check' }
              : null,
          label: id === 'sample-3' ? 'BRE-4' : '',
          tags: tags.get(id) ?? [],
          size: 1_153_000,
          kept_until: null,
        };
      }),
    deleteResults: (ids) =>
      reply('delete_results', () => {
        ids.forEach((id) => gone.add(id));
        return ids.length;
      }),
    restoreResults: (ids) =>
      reply('restore_results', () => {
        ids.forEach((id) => gone.delete(id));
        return ids.length;
      }),
    tagResults: (ids, tag, on) =>
      reply('tag_results', () => {
        const name = tag.trim();
        if (name === '') {
          const error = failure('invalid_form');
          throw { ...error, problems: [{ field: 'tag', message: 'Type a name for the tag.' }] };
        }
        for (const id of ids) {
          const others = (tags.get(id) ?? []).filter((one) => one !== name);
          tags.set(id, on ? [...others, name].sort() : others);
        }
      }),
    compareResults: () =>
      reply('compare_results', () => ({
        text: { added: 2, removed: 1, rows: 60, changed_rows: 6 },
        data: { added: 0, removed: 0, rows: 24, changed_rows: 1 },
        pictures: true,
      })),
    resultDifference: ({ of, only_changes, offset, limit }) =>
      reply('result_difference', () => differences(of, only_changes).slice(offset, offset + limit)),
    comparePictures: () =>
      reply('compare_pictures', () => ({ width: 1280, height: 800, changed: 123 })),
    exportLibrary: async (_id, onProgress) => {
      stopped = false;
      for (let done = 0; done <= 10; done += 1) {
        onProgress({ done, total: 10 });
        await reply('export_library', () => undefined);
        if (stopped) throw failure('cancelled');
      }
      return {
        file: {
          path: '/home/ana/Documents/library.zip',
          name: 'library.zip',
          folder: 'Documents',
          size: 900_000,
        },
        results: 10,
        lost: 0,
      };
    },
    importLibrary: async (_id, onProgress) => {
      onProgress({ done: 5, total: 10 });
      return reply('import_library', () => {
        if (switches.has('damaged')) {
          const error = failure('invalid_form');
          const message = 'This library was exported by a newer version of this app.';
          throw { ...error, message, problems: [{ field: 'file', message }] };
        }
        return { added: 8, known: 2, cancelled: false };
      });
    },
    cancelLibraryTransfer: () => reply('cancel_library_transfer', () => void (stopped = true)),
    libraryDisk: () => reply('library_disk', disk),
    cleanUpLibrary: () =>
      reply('clean_up_library', () => {
        gone.add('sample-5');
        return { ...disk(), total: 1_180_000 };
      }),
    clearLibrary: () =>
      reply('clear_library', () => {
        results.clear();
        return { results: 0, total: 80, screenshots: 0, pages: 0, runs: 0, lists: 80, overdue: 0 };
      }),
  };
}

function differences(of: DifferenceOf, onlyChanges: boolean): DifferenceRow[] {
  const line = (number: number, ...pieces: [string, boolean][]): DifferenceLine => ({
    number,
    pieces: pieces.map(([text, changed]) => ({ text, changed })),
  });
  const same = (number: number, text: string): DifferenceRow => ({
    kind: 'same',
    before: line(number, [text, false]),
    after: line(number, [text, false]),
    skipped: 0,
  });
  const skipped = (many: number): DifferenceRow => ({
    kind: 'skipped',
    before: null,
    after: null,
    skipped: many,
  });
  if (of === 'data') {
    if (onlyChanges) return [skipped(24)];
    return Array.from({ length: 24 }, (_, at) => same(at + 1, `name: Tent ${at + 1}`));
  }
  const changed: DifferenceRow = {
    kind: 'changed',
    before: line(20, ['Skarv 2 for € ', false], ['389.00', true]),
    after: line(20, ['Skarv 2 for € ', false], ['349.00', true]),
    skipped: 0,
  };
  const added: DifferenceRow = {
    kind: 'added',
    before: null,
    after: line(21, ['Free delivery until Sunday', true]),
    skipped: 0,
  };
  const around = [same(19, '## Tents'), changed, added, same(21, 'Fjell Tunnel 3')];
  if (onlyChanges) return [skipped(18), ...around, skipped(38)];
  return [
    ...Array.from({ length: 18 }, (_, at) => same(at + 1, `Line ${at + 1}`)),
    ...around,
    ...Array.from({ length: 38 }, (_, at) => same(at + 22, `Line ${at + 22}`)),
  ];
}

function isOf(row: LibraryRow, kind: LibraryQuery['kind']): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'data':
      return row.data_fields > 0;
    case 'screenshots':
      return row.has_screenshot;
    case 'files':
      return row.file_type !== '';
  }
}

function rowOf(result: ResultView, tags: string[]): LibraryRow {
  const part = (name: string) => result.parts.find((one) => one.part === name);
  const { id, title, address, site, verdict, created_at } = result;
  return {
    id,
    title,
    address,
    site,
    verdict,
    created_at,
    has_thumbnail: part('screenshot') !== undefined,
    has_page: part('page') !== undefined,
    has_screenshot: part('screenshot') !== undefined,
    has_markdown: part('markdown') !== undefined,
    file_type: part('file')?.content_type ?? '',
    data_rows: part('data')?.count ?? 0,
    data_fields: part('data') ? 3 : 0,
    size: result.size,
    tags,
  };
}

function textOf(title: string): string {
  return SAMPLES.find(([of]) => of === title)?.[2] ?? '';
}
