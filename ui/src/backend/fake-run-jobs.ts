// The fake backend's jobs: made from their place in the list, so that a run of any length costs
// nothing until someone looks.

import { emptyForm, sampleResult } from './fake-shop';
import type { JobOutcome, JobRow, JobsSort, ResultView, RunJobsQuery, RunState } from './types';

export interface FakeRun {
  id: string;
  number: number;
  collectionId: string;
  collection: string;
  local: boolean;
  state: RunState;
  /** Place of its first page in the list of all pages. */
  first: number;
  queued: number;
  /** How many have ended. */
  done: number;
  leftOut: number;
  refused: number;
  duplicates: number;
  startedAt: number;
  /** Turns who fails, so that two runs differ. */
  seed: number;
  browser: boolean;
  /** How many succeed and how many take too long, where that is to be so; the rest fails. */
  outcomes?: { success: number; timedOut: number };
  /** What it was begun with; sample pages without. */
  pages?: { address: string; label: string }[];
}

interface CauseWords {
  words: string;
  advice: string;
  stop: string;
  outcome: JobOutcome;
  /** Charged all the same. */
  charged: boolean;
}

export const CAUSES: Record<string, CauseWords> = {
  captcha: {
    words: 'The site showed a captcha',
    advice: 'It took the visit for a robot. A real browser often gets through.',
    stop: '',
    outcome: 'failed',
    charged: false,
  },
  http_404: {
    words: 'The page does not exist any more',
    advice: 'Check the address.',
    stop: 'The site answered that there is nothing at this address.',
    outcome: 'failed',
    charged: true,
  },
  result_expired: {
    words: 'The service has deleted the result',
    advice: 'It keeps results for a day. Run the page again.',
    stop: '',
    outcome: 'failed',
    charged: true,
  },
  result_lost: {
    words: 'The service has lost the result',
    advice: 'Ask its support for the credits back, or run the page again.',
    stop: '',
    outcome: 'failed',
    charged: true,
  },
  timeout: {
    words: 'The site did not answer in time',
    advice: 'It may be slow right now. Try again later.',
    stop: '',
    outcome: 'timed_out',
    charged: false,
  },
};

const MAKERS = ['nes', 'bre', 'holme', 'tind', 'odde', 'kvist', 'storm', 'vik', 'elv', 'rype'];
const SORTS = ['family', 'ultralight', 'canvas', 'dome', 'tunnel', 'tarp'];
const SECONDS_A_PAGE = 60 / 42;

const made = new Map<string, { done: number; rows: JobRow[] }>();
let lastAsked = { key: '', rows: [] as JobRow[] };

/** All jobs of a run, as they stand in the list. */
export function jobsOf(run: FakeRun): JobRow[] {
  const known = made.get(run.id);
  if (known?.done === run.done) return known.rows;
  const unsent = run.state === 'not_started' || run.state === 'sending';
  const total = run.queued + (unsent ? 0 : run.refused + run.duplicates);
  const rows = Array.from({ length: total }, (_, place) => job(run, place));
  made.set(run.id, { done: run.done, rows });
  return rows;
}

/** The jobs as they are filtered and sorted. */
export function askedJobs(run: FakeRun, query: RunJobsQuery): JobRow[] {
  const { filter, search, cause, sort, descending } = query;
  const key = [run.id, run.done, filter, search, cause, sort, descending].join('|');
  if (lastAsked.key === key) return lastAsked.rows;
  const wanted = search.trim().toLowerCase();
  const rows = jobsOf(run).filter(
    (row) =>
      passes(row.outcome, filter) &&
      (cause === '' || row.cause === cause) &&
      `${row.address}\n${row.label}`.toLowerCase().includes(wanted),
  );
  const way = descending ? -1 : 1;
  rows.sort((a, b) => compare(valueOf(a, sort), valueOf(b, sort), way) || way * (+a.id - +b.id));
  lastAsked = { key, rows };
  return rows;
}

/** Null where the service has nothing to show. */
export function resultOf(run: FakeRun, row: JobRow): ResultView | null {
  if (row.result_id === null) return null;
  const form = {
    ...emptyForm(row.address),
    browser: run.browser,
    screenshot: true,
    extract: [{ name: 'name', selector: '.card h2', attribute: '', multiple: true }],
  };
  const result = {
    ...sampleResult(row.result_id, form, run.local),
    title: `${titleOf(row.address)} · Nordlys Outfitters`,
    credits: row.credits,
    duration_ms: row.duration_ms ?? 0,
    created_at: row.ended_at ?? run.startedAt,
  };
  if (row.outcome === 'success') return result;
  const cause = CAUSES[row.cause];
  return {
    ...result,
    verdict: row.cause === 'captcha' ? 'blocked' : 'failed',
    headline: `${row.words}.`,
    explanation: cause?.advice ?? '',
    error_type: row.cause,
    refunded: cause?.charged === false,
    status: row.cause === 'http_404' ? 404 : 403,
    title: row.address,
    parts: [],
    next_steps: ['Render in a real browser.'],
    stop_reason: cause?.stop ?? '',
  };
}

/** "€ 369.00": changes from run to run for some pages. */
export function priceOf(run: FakeRun, place: number): string {
  const page = run.first + place;
  const change = page % 9 === 0 ? run.seed * 10 : 0;
  return `€ ${149 + (page % 12) * 20 + change}.00`;
}

function job(run: FakeRun, place: number): JobRow {
  const page = run.first + place;
  const maker = MAKERS[page % MAKERS.length] ?? '';
  const kind = SORTS[Math.floor(page / MAKERS.length) % SORTS.length] ?? '';
  const own = run.pages?.[place];
  const row: JobRow = {
    id: String(place + 1),
    address: own?.address ?? `http://sample.shop/tents/${maker}-${kind}-${page + 1}`,
    label: own?.label ?? `TNT-${String(page + 1).padStart(4, '0')}`,
    outcome: 'waiting',
    words: 'Waiting',
    cause: '',
    duration_ms: null,
    credits: null,
    ended_at: null,
    result_id: null,
  };
  if (place >= run.queued) {
    return place < run.queued + run.refused
      ? { ...row, outcome: 'refused', words: 'The site does not exist' }
      : { ...row, outcome: 'duplicate', words: 'There is another page like it' };
  }
  if (place >= run.done) return row;
  const price = run.local ? 0 : run.browser ? 5 : 1;
  const ended = {
    ...row,
    ended_at: Math.floor(run.startedAt + (place + 1) * SECONDS_A_PAGE),
    duration_ms: 4_200 + ((page * 7_919) % 3_600),
  };
  const cause = causeOf(run, page);
  if (!cause) {
    const result = { result_id: `${run.id}-${place + 1}` };
    return { ...ended, ...result, outcome: 'success', words: 'Success', credits: price };
  }
  const { words, outcome, charged } = CAUSES[cause] ?? {
    words: '',
    outcome: 'failed' as const,
    charged: true,
  };
  const gone = cause.startsWith('result_');
  return {
    ...ended,
    outcome,
    words,
    cause,
    credits: charged ? price : 0,
    duration_ms: outcome === 'timed_out' ? 60_000 : gone ? null : ended.duration_ms,
    result_id: gone ? null : `${run.id}-${place + 1}`,
  };
}

function causeOf(run: FakeRun, page: number): string {
  if (run.outcomes) return fixedCause(run, page - run.first, run.outcomes);
  const turn = page + run.seed * 3;
  if (turn % 28 === 9) return 'captcha';
  if (turn % 97 === 20) return 'http_404';
  if (turn % 52 === 30) return 'timeout';
  if (turn % 240 === 41) return 'result_expired';
  return turn % 470 === 90 ? 'result_lost' : '';
}

/** Spread over the list: the factor shares none with any length. */
function fixedCause(
  { queued }: FakeRun,
  place: number,
  { success, timedOut }: { success: number; timedOut: number },
): string {
  const turn = (place * 7_919) % queued;
  if (turn < success) return '';
  if (turn < success + timedOut) return 'timeout';
  return turn % 2 === 0 ? 'captcha' : 'http_404';
}

function titleOf(address: string): string {
  const name = address.split('/').pop() ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}

function passes(outcome: JobOutcome, filter: RunJobsQuery['filter']): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'not_taken':
      return outcome === 'refused' || outcome === 'duplicate';
    case 'success':
    case 'failed':
    case 'timed_out':
    case 'waiting':
      return outcome === filter;
  }
}

const OUTCOMES: JobOutcome[] = [
  'waiting',
  'success',
  'failed',
  'timed_out',
  'refused',
  'duplicate',
];

function valueOf(row: JobRow, sort: JobsSort): string | number | null {
  switch (sort) {
    case 'place':
      return +row.id;
    case 'address':
      return row.address;
    case 'label':
      return row.label;
    case 'outcome':
      return OUTCOMES.indexOf(row.outcome);
    case 'duration':
      return row.duration_ms;
    case 'credits':
      return row.credits;
    case 'ended':
      return row.ended_at;
  }
}

/** What is not known yet comes last, whichever way round. */
function compare(a: string | number | null, b: string | number | null, way: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (a === b) return 0;
  return a < b ? -way : way;
}
