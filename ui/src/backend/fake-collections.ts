// Collections in memory, for an ordinary browser tab and for tests. `?collections=none|many|elsewhere`
// says how many there are.

import { asLastRun, GOOD_PERCENT, successPercent } from '../state/run-progress';
import { failure } from './fake-accounts';
import { type AroundPages, fakePages } from './fake-pages';
import type { FakeRun } from './fake-run-jobs';
import { runsOf, summary } from './fake-runs';
import { emptyForm } from './fake-shop';
import type { ToRun } from './fake-trials';
import type { CollectionsBackend } from './index';
import type {
  CollectionForm,
  CollectionRow,
  CollectionsFilter,
  CollectionsPage,
  CollectionsQuery,
  CollectionView,
  ElsewhereView,
  ResultView,
} from './types';

/** Answers after a moment, or fails as the address asks. */
export type Reply = <T>(command: string, make: () => T) => Promise<T>;

interface Surroundings extends Omit<AroundPages, 'collection'> {
  runs: FakeRun[];
  switches: URLSearchParams;
  /** A kept result; throws when there is none. */
  kept: (id: string) => ResultView;
}

type Stored = Omit<CollectionView, 'last_run'>;

interface FakeCollections {
  backend: CollectionsBackend;
  toRun: (id: string) => ToRun;
}

const LONGEST_NAME = 255;
const MANY = 1_200;
const BARS = 8;
const HOUR = 3600;
const DAY = 24 * HOUR;

export function fakeCollections(
  reply: Reply,
  isLocal: () => boolean,
  { switches, kept, runs, ...around }: Surroundings,
): FakeCollections {
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
    return view(one);
  }

  function view(one: Stored): CollectionView {
    return { ...one, last_run: rowOf(one, runs).last_run };
  }

  function freeName(name: string): string {
    const taken = new Set([...stored.values()].map((one) => one.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} ${number}`;
    return free;
  }

  const pages = fakePages(reply, isLocal, { ...around, collection: found });
  const backend: CollectionsBackend = {
    ...pages.backend,

    collections: (query) =>
      reply('collections', () =>
        pageOf(
          [...stored.values()].map((one) => rowOf(one, runs)),
          query,
        ),
      ),
    collection: (id) => reply('collection', () => view(found(id))),
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
        return view(changed);
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
        return view(one);
      }),
    collectionFromResult: (id) =>
      reply('collection_from_result', () => {
        const { site, form } = kept(id);
        return add(freeName(site), { options: { ...form, address: '' }, pages: 1 });
      }),
    collectionsElsewhere: () =>
      reply('collections_elsewhere', () => (isLocal() || kind === 'none' ? [] : ELSEWHERE)),
  };
  return {
    backend,
    toRun: (id) => {
      const { name, options } = found(id);
      return { name, options, ...pages.toRun(id) };
    },
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
  };
}

function starting(kind: string): Stored[] {
  if (kind === 'none') return [];
  if (kind !== 'many') return sample();
  return Array.from({ length: MANY }, (_, at) =>
    made(`many-${at}`, `Price list ${at + 1}`, (at * 37) % 900, now() - at * HOUR),
  );
}

/** Newest first, as the service keeps them. */
function sample(): Stored[] {
  const old: [string, string, number][] = [
    ['competitors', 'Competitor catalogue', 1240],
    ['houses', 'Argentina house prices', 320],
    ['jobs', 'Job boards, retail', 58],
    ['press', 'Press mentions', 96],
    ['suppliers', 'Supplier price sheets', 212],
    ['stores', 'Store opening hours', 134],
  ];
  return [
    {
      ...made('autumn', 'Autumn price check', 486, now() - 90 * DAY),
      options: { ...emptyForm(), browser: true },
    },
    ...old.map(([id, name, pages]) => made(id, name, pages, now() - 60 * DAY)),
    made('redirects', 'Old shop redirects', 740, now() - 14 * DAY),
  ];
}

function rowOf({ id, name, pages, created_at }: Stored, runs: FakeRun[]): CollectionRow {
  const all = runsOf(runs, id);
  const lastRuns = all.slice(0, 1).map((run) => asLastRun(summary(run)));
  const history = all
    .filter(({ state }) => state === 'finished')
    .slice(0, BARS)
    .map((run) => successPercent(asLastRun(summary(run))))
    .reverse();
  return { id, name, pages, created_at, last_run: lastRuns[0] ?? null, history };
}

function shows({ last_run: run }: CollectionRow, filter: CollectionsFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return run?.running === true;
    case 'need_look':
      return run !== null && !run.running && successPercent(run) < GOOD_PERCENT;
  }
}

function pageOf(all: CollectionRow[], query: CollectionsQuery): CollectionsPage {
  const wanted = query.find.trim().toLowerCase();
  const named = all.filter(({ name }) => name.toLowerCase().includes(wanted));
  const count = (filter: CollectionsFilter) => named.filter((one) => shows(one, filter)).length;
  const rows = named.filter((one) => shows(one, query.filter)).sort(order(query.sort));
  return {
    rows: rows.slice(query.offset, query.offset + query.limit),
    found: rows.length,
    all: named.length,
    running: count('running'),
    need_look: count('need_look'),
  };
}

function order(sort: CollectionsQuery['sort']): (a: CollectionRow, b: CollectionRow) => number {
  const lately = ({ last_run: run }: CollectionRow) =>
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
