// The runs the fake backend has at its start.

import type { FakeRun } from './fake-run-jobs';

/** Of no collection yet, and nothing sent. */
export const NEW_RUN: FakeRun = {
  id: '',
  number: 0,
  collectionId: '',
  collection: '',
  local: false,
  state: 'running',
  first: 0,
  queued: 0,
  done: 0,
  leftOut: 0,
  refused: 0,
  duplicates: 0,
  startedAt: 0,
  seed: 0,
  browser: false,
};

const HOUR = 3_600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

interface Sample {
  id: string;
  name: string;
  pages: number;
  /** Success of its runs before the last one, oldest first. */
  percents: number[];
  last: Pick<FakeRun, 'outcomes'>;
  /** Seconds since the last one began. */
  ago: number;
}

const AUTUMN = [97, 98, 96, 99, 95];

const SAMPLES: Sample[] = [
  sample('competitors', 'Competitor catalogue', 1240, [94, 96, 97, 97, 98, 96, 98], 1217, 8, 8),
  sample('houses', 'Argentina house prices', 320, [97, 96, 95, 90, 92, 88, 85], 259, 13, 16),
  sample('jobs', 'Job boards, retail', 58, [100, 98, 100, 100, 100, 97, 100], 58, 0, 29),
  sample('press', 'Press mentions', 96, [92, 95, 91, 94, 96, 93, 95], 90, 2, 2 * 24),
  sample('suppliers', 'Supplier price sheets', 212, [99, 98, 100, 99, 99], 210, 0, 4 * 24),
  sample('stores', 'Store opening hours', 134, [98, 96], 0, 0, 7 * 24),
];

const now = () => Math.floor(Date.now() / 1000);

/** The runs that are there at the start; `large` is of 100,000 pages. */
export function startingRuns(): FakeRun[] {
  const base: FakeRun = {
    ...NEW_RUN,
    id: 'moving',
    number: 14,
    collectionId: 'autumn',
    collection: 'Autumn price check',
    first: 4,
    queued: 486,
    done: 312,
    leftOut: 6,
    refused: 3,
    duplicates: 5,
    startedAt: now() - 445,
    seed: 5,
    browser: true,
  };
  const ended = { state: 'finished', done: 486 } as const;
  const elsewhere = { collectionId: 'catalogue', collection: 'Whole catalogue' };
  return [
    base,
    { ...base, ...ended, id: 'ended', number: 13, startedAt: now() - DAY, seed: 4, browser: false },
    { ...base, ...ended, id: 'before', number: 12, startedAt: now() - 8 * DAY, first: 0, seed: 3 },
    {
      ...base,
      id: 'not-started',
      number: 11,
      state: 'not_started',
      done: 0,
      startedAt: now() - 9 * DAY,
    },
    {
      ...base,
      id: 'stopped',
      number: 10,
      state: 'watching_stopped',
      done: 120,
      startedAt: now() - 15 * DAY,
    },
    { ...base, id: 'sending', number: 9, state: 'sending', done: 0, startedAt: now() - 16 * DAY },
    { ...base, id: 'no-key', number: 8, done: 40, startedAt: now() - 17 * DAY },
    { ...base, id: 'offline', number: 7, done: 40, startedAt: now() - 18 * DAY },
    {
      ...base,
      ...ended,
      id: 'clean',
      number: 6,
      queued: 9,
      done: 9,
      startedAt: now() - 20 * DAY,
      outcomes: { success: 9, timedOut: 0 },
    },
    {
      ...base,
      ...elsewhere,
      id: 'local',
      number: 2,
      local: true,
      done: 200,
      startedAt: now() - 300,
    },
    {
      ...base,
      ...ended,
      ...elsewhere,
      id: 'large',
      number: 1,
      queued: 100_000,
      done: 100_000,
      startedAt: now() - 3 * DAY,
    },
    ...earlier('autumn', base.collection, 486, AUTUMN, 21 * DAY),
    ...SAMPLES.flatMap(({ id, name, pages, percents, last, ago }) => [
      { ...endedRun(id, name, pages, percents.length + 1), ...last, startedAt: now() - ago },
      ...earlier(id, name, pages, percents, ago + WEEK),
    ]),
  ];
}

function sample(
  id: string,
  name: string,
  pages: number,
  percents: number[],
  success: number,
  timedOut: number,
  hours: number,
): Sample {
  return {
    id,
    name,
    pages,
    percents,
    last: { outcomes: { success, timedOut } },
    ago: hours * HOUR,
  };
}

/** One a week, the newest so long ago. */
function earlier(
  id: string,
  name: string,
  pages: number,
  percents: number[],
  ago: number,
): FakeRun[] {
  return percents.map((percent, at) => ({
    ...endedRun(id, name, pages, at + 1),
    outcomes: { success: Math.ceil((pages * percent) / 100), timedOut: 0 },
    startedAt: now() - ago - (percents.length - 1 - at) * WEEK,
  }));
}

function endedRun(
  collectionId: string,
  collection: string,
  pages: number,
  number: number,
): FakeRun {
  return {
    ...NEW_RUN,
    id: `${collectionId}-${number}`,
    number,
    collectionId,
    collection,
    state: 'finished',
    queued: pages,
    done: pages,
    seed: number,
  };
}
