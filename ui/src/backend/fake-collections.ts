// Collections in memory, for an ordinary browser tab and for tests. `?collections=none|many|elsewhere`
// says how many there are.

import { failure } from './fake-accounts';
import { type AroundPages, fakePages } from './fake-pages';
import { emptyForm } from './fake-shop';
import type { CollectionsBackend } from './index';
import type {
  CollectionForm,
  CollectionRow,
  CollectionsFilter,
  CollectionsPage,
  CollectionsQuery,
  CollectionView,
  ElsewhereView,
  LastRunView,
  ResultView,
} from './types';

/** Answers after a moment, or fails as the address asks. */
export type Reply = <T>(command: string, make: () => T) => Promise<T>;

interface Surroundings extends Omit<AroundPages, 'collection'> {
  switches: URLSearchParams;
  /** A kept result; throws when there is none. */
  kept: (id: string) => ResultView;
}

type Stored = CollectionView & Pick<CollectionRow, 'history'>;

const LONGEST_NAME = 255;
const MANY = 1_200;
const HOUR = 3600;
const DAY = 24 * HOUR;

export function fakeCollections(
  reply: Reply,
  isLocal: () => boolean,
  { switches, kept, ...around }: Surroundings,
): CollectionsBackend {
  const kind = switches.get('collections') ?? '';
  const stored = new Map(starting(kind).map((one) => [one.id, one]));
  const deleted = new Map<string, Stored>();

  function found(id: string): Stored {
    const one = stored.get(id);
    if (!one) throw gone();
    return one;
  }

  function add(name: string, rest: Partial<Stored>): CollectionView {
    const one = { ...made(crypto.randomUUID(), name, 0, now()), ...rest };
    stored.set(one.id, one);
    return one;
  }

  function freeName(name: string): string {
    const taken = new Set([...stored.values()].map((one) => one.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
    return free;
  }

  return {
    ...fakePages(reply, isLocal, { ...around, collection: found }),

    collections: (query) => reply('collections', () => pageOf([...stored.values()], query)),
    collection: (id) => reply('collection', () => found(id)),
    createCollection: (form) =>
      reply('create_collection', () =>
        add(checkedName(form) || freeName('New collection'), { options: form.options }),
      ),
    updateCollection: (id, form) =>
      reply('update_collection', () => {
        const name = checkedName(form);
        if (!name) throw wrongName('Enter a name.');
        const changed = { ...found(id), name, options: form.options, changed_at: now() };
        stored.set(id, changed);
        return changed;
      }),
    duplicateCollection: (id) =>
      reply('duplicate_collection', () => {
        const { name, options, pages } = found(id);
        return add(freeName(`Copy of ${name}`), { options, pages });
      }),
    deleteCollection: (id) =>
      reply('delete_collection', () => {
        deleted.set(id, found(id));
        stored.delete(id);
      }),
    restoreCollection: (id) =>
      reply('restore_collection', () => {
        const one = deleted.get(id);
        if (!one) throw gone();
        deleted.delete(id);
        stored.set(id, one);
        return one;
      }),
    collectionFromResult: (id) =>
      reply('collection_from_result', () => {
        const { site, form } = kept(id);
        return add(freeName(site), { options: { ...form, address: '' }, pages: 1 });
      }),
    collectionsElsewhere: () =>
      reply('collections_elsewhere', () => (isLocal() || kind === 'none' ? [] : ELSEWHERE)),
  };
}

const now = () => Math.floor(Date.now() / 1000);

const ELSEWHERE: ElsewhereView[] = [
  { id: 'els-1', name: 'Nightly stock (script)', created_at: now() - 40 * DAY },
  { id: 'els-2', name: 'Hotels, spring', created_at: now() - 120 * DAY },
  { id: 'els-3', name: 'first try', created_at: null },
];

function gone() {
  return failure('not_found', { message: 'This collection is not there any more.' });
}

function wrongName(message: string) {
  return failure('invalid_form', { problems: [{ field: 'name', message }] });
}

function checkedName({ name }: CollectionForm): string {
  const checked = name.trim().replace(/\s+/g, ' ');
  if (checked.length > LONGEST_NAME) throw wrongName('This name is too long. Shorten it.');
  return checked;
}

function made(id: string, name: string, pages: number, created: number): Stored {
  return {
    id,
    name,
    options: emptyForm(),
    problems: [],
    pages,
    created_at: created,
    changed_at: created,
    last_run: null,
    history: [],
  };
}

function starting(kind: string): Stored[] {
  if (kind === 'none') return [];
  if (kind !== 'many') return sample();
  return Array.from({ length: MANY }, (_, at) =>
    made(`many-${at}`, `Price list ${at + 1}`, (at * 37) % 900, now() - at * HOUR),
  );
}

/** Name, pages, success of the ended runs, succeeded, timed out, and how long ago the last began. */
type Ended = [string, string, number, number[], number, number, number];

/** Newest first, as the service keeps them. */
function sample(): Stored[] {
  const ended: Ended[] = [
    ['competitors', 'Competitor catalogue', 1240, [94, 96, 97, 97, 98, 96, 98, 98], 1217, 8, 8],
    ['houses', 'Argentina house prices', 320, [97, 96, 95, 90, 92, 88, 85, 80], 259, 13, 16],
    ['jobs', 'Job boards, retail', 58, [100, 98, 100, 100, 100, 97, 100, 100], 58, 0, 29],
    ['press', 'Press mentions', 96, [92, 95, 91, 94, 96, 93, 95, 93], 90, 2, 2 * 24],
    ['suppliers', 'Supplier price sheets', 212, [99, 98, 100, 99, 99, 99], 210, 0, 4 * 24],
    ['stores', 'Store opening hours', 134, [98, 96, 0], 0, 0, 7 * 24],
  ];
  const autumn: Stored = {
    ...made('autumn', 'Autumn price check', 486, now() - 90 * DAY),
    options: { ...emptyForm(), browser: true },
    last_run: {
      ...lastRun('moving', 14, 486, 289, 6, 7 * 60),
      state: 'running',
      running: true,
      failed: 17,
      ended_at: null,
    },
    history: [97, 98, 96, 99, 95, 97, 98, 96],
  };
  return [
    autumn,
    ...ended.map(([id, name, pages, history, success, timedOut, hours]) => ({
      ...made(id, name, pages, now() - 60 * DAY),
      last_run: lastRun(
        `${id}-${history.length}`,
        history.length,
        pages,
        success,
        timedOut,
        hours * HOUR,
      ),
      history,
    })),
    made('redirects', 'Old shop redirects', 740, now() - 14 * DAY),
  ];
}

function lastRun(
  id: string,
  number: number,
  total: number,
  success: number,
  timedOut: number,
  ago: number,
): LastRunView {
  return {
    id,
    number,
    account_name: 'Acme – production',
    local: false,
    state: 'finished',
    running: false,
    total,
    success,
    failed: total - success - timedOut,
    timed_out: timedOut,
    started_at: now() - ago,
    ended_at: now() - ago + 10 * 60,
  };
}

function shows({ last_run: run }: Stored, filter: CollectionsFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return run?.running === true;
    case 'need_look':
      return run !== null && !run.running && run.success / run.total < 0.9;
  }
}

function pageOf(all: Stored[], query: CollectionsQuery): CollectionsPage {
  const wanted = query.find.trim().toLowerCase();
  const named = all.filter(({ name }) => name.toLowerCase().includes(wanted));
  const count = (filter: CollectionsFilter) => named.filter((one) => shows(one, filter)).length;
  const rows = named.filter((one) => shows(one, query.filter)).sort(order(query.sort));
  return {
    rows: rows
      .slice(query.offset, query.offset + query.limit)
      .map(({ id, name, pages, created_at, last_run, history }) => ({
        id,
        name,
        pages,
        created_at,
        last_run,
        history,
      })),
    found: rows.length,
    all: named.length,
    running: count('running'),
    need_look: count('need_look'),
  };
}

function order(sort: CollectionsQuery['sort']): (a: Stored, b: Stored) => number {
  const lately = ({ last_run: run }: Stored) =>
    run ? run.started_at + (run.running ? now() : 0) : 0;
  switch (sort) {
    case 'last_run':
      return (a, b) => lately(b) - lately(a) || b.created_at - a.created_at;
    case 'name':
      return (a, b) => a.name.localeCompare(b.name);
    case 'pages':
      return (a, b) => b.pages - a.pages;
    case 'made':
      return (a, b) => b.created_at - a.created_at;
  }
}
