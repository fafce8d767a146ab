// The pages of collections in memory, for an ordinary browser tab and for tests.

import { failure } from './fake-accounts';
import type { Reply } from './fake-collections';
import { fakeImports, pastedPages } from './fake-import';
import { judged, type Judged, type StoredPage } from './fake-judge';
import type { ToRun } from './fake-trials';
import { SPENT } from './fake-usage';
import type { CollectionsBackend } from './index';
import type {
  AccountView,
  EstimateView,
  OwnOption,
  PageRow,
  PagesAdded,
  PageSelection,
  PagesPage,
  PagesQuery,
  PagesRemoved,
  ProblemKind,
  ReportView,
  ScrapeForm,
} from './types';

type PagesBackend = Pick<
  CollectionsBackend,
  | 'pages'
  | 'addPages'
  | 'pastePages'
  | 'takeBackPages'
  | 'editPage'
  | 'removePages'
  | 'leaveOutProblems'
  | 'restorePages'
  | 'report'
  | 'estimate'
  | 'chooseImport'
  | 'importDropped'
  | 'changeImport'
  | 'applyImport'
  | 'cancelImport'
  | 'onFilesDropped'
  | 'onFilesHeld'
>;

/** What the pages need to know of the rest of the app. */
export interface AroundPages {
  /** The collection itself: so many sample pages it starts with, and its count is kept right. */
  collection: (id: string) => { options: ScrapeForm; pages: number };
  account: () => AccountView | undefined;
  /** 0: none. */
  budget: () => number;
  pace: number;
}

export type NewPage = Omit<StoredPage, 'id' | 'hidden' | 'refusal'>;

const KINDS: ProblemKind[] = [
  'malformed',
  'private',
  'label_too_long',
  'wrong_option',
  'duplicate',
  'refused',
];

interface FakePages {
  backend: PagesBackend;
  toRun: (id: string) => Pick<ToRun, 'pages' | 'credits'>;
}

export function fakePages(reply: Reply, isLocal: () => boolean, around: AroundPages): FakePages {
  const lists = new Map<string, StoredPage[]>();
  let undo = 0;

  function list(id: string): StoredPage[] {
    const { pages } = around.collection(id);
    const known = lists.get(id);
    if (known) return known;
    const fresh = samplePages(pages);
    lists.set(id, fresh);
    return fresh;
  }

  function judge(id: string): Judged[] {
    return judged(
      list(id).filter(({ hidden }) => hidden === 0),
      around.collection(id).options,
      isLocal(),
    );
  }

  function report(id: string): ReportView {
    const rows = judge(id);
    const counts = KINDS.map((kind) => ({
      kind,
      count: rows.filter(({ problem }) => problem?.kind === kind).length,
    })).filter(({ count }) => count > 0);
    around.collection(id).pages = rows.length;
    return {
      rows: rows.length,
      will_run: rows.filter(({ runs }) => runs).length,
      problems: counts.reduce((sum, { count }) => sum + count, 0),
      counts,
    };
  }

  function add(id: string, pages: NewPage[]): PagesAdded {
    const all = list(id);
    const first = (all[all.length - 1]?.id ?? 0) + 1;
    pages.forEach((page, at) => all.push({ ...page, id: first + at, hidden: 0, refusal: '' }));
    return {
      added: pages.length,
      first_id: first,
      last_id: first + pages.length - 1,
      report: report(id),
    };
  }

  function remove(id: string, meant: (row: Judged) => boolean): PagesRemoved {
    const rows = judge(id).filter(meant);
    if (rows.length > 0) undo += 1;
    for (const { page } of rows) page.hidden = undo;
    return { removed: rows.length, undo: rows.length > 0 ? undo : 0, report: report(id) };
  }

  const backend: PagesBackend = {
    pages: (query) => reply('pages', () => pageOf(judge(query.collection_id), query)),
    addPages: (id, pages) =>
      reply('add_pages', () =>
        add(
          id,
          pages
            .filter(({ address, label }) => `${address}${label}`.trim() !== '')
            .map(({ address, label }) => ({
              address: address.trim(),
              label: label.trim(),
              own: [],
            })),
        ),
      ),
    pastePages: (id, text) => reply('paste_pages', () => add(id, pastedPages(text))),
    takeBackPages: (id, first, last) =>
      reply('take_back_pages', () => remove(id, ({ page }) => page.id >= first && page.id <= last)),
    editPage: (id, pageId, column, value) =>
      reply('edit_page', () => {
        const page = list(id).find((one) => one.id === pageId && one.hidden === 0);
        if (!page) {
          throw failure('not_found', { message: 'This page is not in the collection any more.' });
        }
        if (column === 'address' || column === 'label') page[column] = value.trim();
        else page.own = withOwn(page.own, { option: column, value: value.trim() });
        page.refusal = '';
        const rows = judge(id);
        return rowOf(
          rows.find((row) => row.page === page),
          rows,
        );
      }),
    removePages: (selection) =>
      reply('remove_pages', () => remove(selection.collection_id, (row) => meant(row, selection))),
    leaveOutProblems: (id, kinds) =>
      reply('leave_out_problems', () =>
        remove(id, ({ problem, runs }) =>
          problem && kinds.length > 0 ? kinds.includes(problem.kind) : !runs,
        ),
      ),
    restorePages: (id, batch) =>
      reply('restore_pages', () => {
        for (const page of list(id)) if (page.hidden === batch) page.hidden = 0;
        return report(id);
      }),
    report: (id) => reply('report', () => report(id)),
    estimate: (id) => reply('estimate', () => estimate(judge(id), around, isLocal())),

    ...fakeImports(reply, around.pace, add),
  };
  return {
    backend,
    toRun: (id) => {
      const rows = judge(id);
      return {
        pages: rows
          .filter(({ runs }) => runs)
          .map(({ page: { address, label }, browser }) => ({
            address: withScheme(address),
            label,
            browser,
          })),
        credits: estimate(rows, around, isLocal()).credits,
      };
    },
  };
}

function withScheme(address: string): string {
  return /^https?:/.test(address) ? address : `https://${address}`;
}

/** Pages of invented shops; longer lists have some of every problem. */
function samplePages(count: number): StoredPage[] {
  const shops = [
    'nordlys-outfitters.example/tents',
    'fjellsport.example/shop',
    'tarn-supply.example/p',
  ];
  const names = ['skarv', 'fjell-tunnel', 'lavvo', 'rein', 'bre', 'holme-family', 'varde', 'tind'];
  const troubled = count > 40;
  return Array.from({ length: count }, (_, at) => {
    const shop = shops[Math.floor(at / 7) % shops.length] ?? '';
    const page: StoredPage = {
      id: at + 1,
      address: `${shop}/${names[at % names.length]}-${at + 1}`,
      label: `TNT-${String(102 + at).padStart(4, '0')}`,
      own: [],
      hidden: 0,
      refusal: '',
    };
    return troubled ? { ...page, ...trouble(at) } : page;
  });
}

function trouble(at: number): Partial<StoredPage> {
  switch (at) {
    case 2:
    case 30:
    case 31:
      return { address: 'http://192.168.0.14/stock/lavvo-6' };
    case 4:
      return { own: [{ option: 'location', value: 'Norway' }] };
    case 5:
    case 27:
      return { address: 'nordlys outfitters holme family 5' };
    case 6:
    case 33:
      return { address: 'nordlys-outfitters.example/tents/skarv-1', label: 'TNT-0102' };
    case 9:
      return { refusal: 'The service did not take it: the site does not exist.' };
    case 11:
      return { own: [{ option: 'browser', value: 'perhaps' }] };
    case 36:
      return { label: 'Tent '.repeat(60).trim() };
    default:
      return {};
  }
}

function withOwn(own: OwnOption[], changed: OwnOption): OwnOption[] {
  const others = own.filter(({ option }) => option !== changed.option);
  return changed.value === '' ? others : [...others, changed];
}

function found(row: Judged, find: string, onlyProblems: boolean): boolean {
  const wanted = find.trim().toLowerCase();
  const { address, label } = row.page;
  return (
    (!onlyProblems || row.problem !== null) &&
    (address.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted))
  );
}

function meant(row: Judged, { all, ids, find, only_problems }: PageSelection): boolean {
  const named = ids.includes(row.page.id);
  return all ? !named && found(row, find, only_problems) : named;
}

function pageOf(rows: Judged[], query: PagesQuery): PagesPage {
  const matching = rows.filter((row) => found(row, query.find, query.only_problems));
  return {
    rows: matching.slice(query.offset, query.offset + query.limit).map((row) => rowOf(row, rows)),
    found: matching.length,
    all: rows.length,
  };
}

function rowOf(row: Judged | undefined, rows: Judged[]): PageRow {
  if (!row) throw failure('not_found');
  const { id, address, label, own } = row.page;
  return { id, number: rows.indexOf(row) + 1, address, label, own, problem: row.problem };
}

function estimate(rows: Judged[], around: AroundPages, local: boolean): EstimateView {
  const running = rows.filter(({ runs }) => runs);
  const browser = running.filter((row) => row.browser).length;
  const simple = running.length - browser;
  const [simplePrice, browserPrice] = local ? [0, 0] : [1, 5];
  const credits = simple * simplePrice + browser * browserPrice;
  const known = local ? null : (around.account()?.credits ?? null);
  const left = known?.left ?? null;
  const budget = around.budget();
  return {
    account_name: around.account()?.name ?? 'On this computer',
    free: local,
    pages: running.length,
    simple_pages: simple,
    browser_pages: browser,
    simple_price: simplePrice,
    browser_price: browserPrice,
    credits,
    left,
    limit: known?.limit ?? null,
    left_after: left === null ? null : left - credits,
    over_quota: left !== null && credits > left,
    budget: budget > 0 ? budget : null,
    spent: local ? 0 : SPENT,
    over_budget: credits > 0 && budget > 0 && SPENT + credits > budget,
    time:
      running.length === 0
        ? null
        : {
            low_seconds: Math.ceil(running.length * 1.1),
            high_seconds: Math.ceil(running.length * 1.7),
            from_runs: false,
          },
  };
}
