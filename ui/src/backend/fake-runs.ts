// Runs in memory, for an ordinary browser tab and for tests. A run moves by itself at the pace of a
// real one; the event `fake-run-moves` on the window makes it end as many pages at once as it says.

import { isUnfinished } from '../state/run-progress';
import { failure } from './fake-accounts';
import type { Reply } from './fake-collections';
import { compared } from './fake-comparison';
import { askedJobs, CAUSES, type FakeRun, jobsOf, resultOf } from './fake-run-jobs';
import { NEW_RUN } from './fake-run-samples';
import { fakeTrials, type ToRun } from './fake-trials';
import type { RunsBackend } from './index';
import type {
  AppError,
  CauseView,
  JobView,
  ResultView,
  RetryForm,
  RunSummary,
  RunView,
  StartRunForm,
  SpendingView,
} from './types';

const MS_A_PAGE = 1_430;
const PAGES_A_MINUTE = 42;
const BROWSER_PRICE = 5;

const now = () => Math.floor(Date.now() / 1000);

/** What the runs need to know of the rest of the app. */
export interface AroundRuns {
  /** All runs, those of the start and those begun since. */
  runs: FakeRun[];
  keep: (result: ResultView) => void;
  toRun: (collectionId: string) => ToRun;
  /** What so many credits more would cross. */
  spending: (credits: number) => SpendingView;
}

export function fakeRuns(reply: Reply, isLocal: () => boolean, around: AroundRuns): RunsBackend {
  const { runs, keep, toRun } = around;
  const watchers = new Set<() => void>();
  const enders = new Set<(run: RunSummary) => void>();

  const get = (id: string) => {
    const run = runs.find((run) => run.id === id);
    if (!run) throw failure('not_found', { message: 'This run is not there any more.' });
    return run;
  };
  const tellAll = () => watchers.forEach((tell) => tell());

  function move(pages: number): void {
    for (const run of runs) {
      if (run.state !== 'running' || troubleOf(run)) continue;
      run.done = Math.min(run.done + pages, run.queued);
      if (run.done === run.queued) {
        run.state = 'finished';
        enders.forEach((tell) => tell(summary(run)));
      }
    }
    tellAll();
  }
  window.addEventListener('fake-run-moves', (event) => {
    if (event instanceof CustomEvent) move(Number(event.detail));
  });
  setInterval(() => watchers.size > 0 && move(1), MS_A_PAGE);

  function watch(tell: () => void): () => void {
    const told = setTimeout(tell, 30);
    watchers.add(tell);
    return () => {
      clearTimeout(told);
      watchers.delete(tell);
    };
  }

  function begin(like: FakeRun, queued: number): RunView {
    const run: FakeRun = {
      ...like,
      id: `run-${crypto.randomUUID()}`,
      number: Math.max(0, ...runsOf(runs, like.collectionId).map(({ number }) => number)) + 1,
      local: isLocal(),
      state: 'running',
      queued,
      done: 0,
      leftOut: 0,
      refused: 0,
      duplicates: 0,
      startedAt: now(),
      seed: like.seed + 1,
    };
    runs.unshift(run);
    tellAll();
    return view(run);
  }

  function retry({ run_id, causes, confirmed_ceiling }: RetryForm): RunView {
    const run = get(run_id);
    const offers = causesOf(run)
      .filter(({ id }) => causes.length === 0 || causes.includes(id))
      .flatMap(({ retry }) => (retry ? [retry] : []));
    const ceiling = offers.reduce((sum, { cost }) => sum + cost.credits, 0);
    if (ceiling !== confirmed_ceiling) throw failure('price_changed');
    return begin(
      { ...run, browser: true },
      offers.reduce((sum, { count }) => sum + count, 0),
    );
  }

  function start({ collection_id, confirmed_ceiling }: StartRunForm): RunView {
    const { name, options, pages, credits } = toRun(collection_id);
    if (credits !== confirmed_ceiling) throw failure('price_changed');
    const fresh: FakeRun = {
      ...NEW_RUN,
      collectionId: collection_id,
      collection: name,
      browser: options.browser,
      pages,
    };
    return begin(fresh, pages.length);
  }

  return {
    ...fakeTrials(reply, isLocal, around),
    runs: ({ collection_id, unfinished, offset, limit }) =>
      reply('runs', () => {
        const found = (collection_id ? runsOf(runs, collection_id) : newestFirst(runs)).filter(
          (run) => !unfinished || isUnfinished(run),
        );
        return { rows: found.slice(offset, offset + limit).map(summary), found: found.length };
      }),
    run: (id) => reply('run', () => view(get(id))),
    runJobs: (query) =>
      reply('run_jobs', () => {
        const rows = askedJobs(get(query.run_id), query);
        const { offset, limit } = query;
        return { rows: rows.slice(offset, offset + limit), found: rows.length };
      }),
    runJob: (query, jobId) =>
      reply('run_job', (): JobView => {
        const run = get(query.run_id);
        const job = jobsOf(run)[Number(jobId) - 1];
        if (!job) throw failure('not_found', { message: 'This page is not in the run.' });
        const rows = askedJobs(run, query);
        const at = rows.findIndex(({ id }) => id === jobId);
        const result = resultOf(run, job);
        if (result) keep(result);
        return {
          job,
          result,
          previous: at > 0 ? (rows[at - 1]?.id ?? null) : null,
          next: at >= 0 ? (rows[at + 1]?.id ?? null) : null,
          position: Math.max(at, 0),
        };
      }),
    startRun: (form) => reply('start_run', () => start(form)),
    checkRetry: ({ confirmed_ceiling: credits }) =>
      reply('check_retry', () => around.spending(isLocal() ? 0 : credits)),
    retryRun: (form) => reply('retry_run', () => retry(form)),
    stopWatching: (id) =>
      reply('stop_watching', () => {
        const run = get(id);
        run.state = 'watching_stopped';
        tellAll();
        return view(run);
      }),
    resumeRun: (id) =>
      reply('resume_run', () => {
        const run = get(id);
        run.state = 'running';
        tellAll();
        return view(run);
      }),
    compareRuns: (query) =>
      reply('compare_runs', () => compared(get(query.before), get(query.after), query)),
    watchRun: (id, tell) => {
      let last = '';
      return watch(() => {
        const next = view(get(id));
        const text = JSON.stringify(next);
        if (text !== last) tell(next);
        last = text;
      });
    },
    watchRuns: (tell) => watch(() => tell(runs.filter(isUnfinished).map(summary))),
    onRunEnded: (tell) => {
      enders.add(tell);
      return () => enders.delete(tell);
    },
  };
}

/** The newest first. */
export function runsOf(runs: FakeRun[], collectionId: string): FakeRun[] {
  return newestFirst(runs.filter((run) => run.collectionId === collectionId));
}

function newestFirst(runs: FakeRun[]): FakeRun[] {
  return [...runs].sort((a, b) => b.startedAt - a.startedAt);
}

function troubleOf(run: FakeRun): AppError | null {
  switch (run.id) {
    case 'no-key':
      return failure('key_missing');
    case 'offline':
      return failure('unreachable');
    case 'not-started':
      return failure('quota_used_up', {
        message: 'The service took no page: no credits are left this month.',
      });
    default:
      return null;
  }
}

export function summary(run: FakeRun): RunSummary {
  const none = run.state === 'not_started' || run.state === 'sending';
  const rows = none ? [] : jobsOf(run);
  const many = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  const apart = none ? 0 : 1;
  return {
    id: run.id,
    number: run.number,
    collection_id: run.collectionId,
    collection_name: run.collection,
    account_name: run.local ? 'On this computer' : 'Acme – production',
    local: run.local,
    state: run.state,
    submitted: run.queued + run.leftOut + apart * (run.refused + run.duplicates),
    left_out: run.leftOut,
    refused: apart * run.refused,
    duplicates: apart * run.duplicates,
    queued: run.queued,
    success: many('success'),
    failed: many('failed'),
    timed_out: many('timed_out'),
    waiting: none ? run.queued : many('waiting'),
    ceiling: run.local ? 0 : run.queued * (run.browser ? BROWSER_PRICE : 1),
    credits: rows.reduce((sum, { credits }) => sum + (credits ?? 0), 0),
    refunded: run.local ? 0 : rows.filter(({ cause }) => CAUSES[cause]?.charged === false).length,
    started_at: run.startedAt,
    ended_at: isUnfinished(run) ? null : run.startedAt + Math.floor(run.done * 1.43),
  };
}

function view(run: FakeRun): RunView {
  const moving = run.state === 'running' && run.done > 0 && !troubleOf(run);
  return {
    run: summary(run),
    pages_per_minute: moving ? PAGES_A_MINUTE : null,
    seconds_left: moving ? Math.ceil(((run.queued - run.done) / PAGES_A_MINUTE) * 60) : null,
    causes: causesOf(run),
    trouble: troubleOf(run),
  };
}

function causesOf(run: FakeRun): CauseView[] {
  const counts = new Map<string, number>();
  for (const { cause } of jobsOf(run)) {
    if (cause) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  const causes = [...counts].map(([id, count]): CauseView => {
    const { words, advice, stop, outcome } = CAUSES[id] ?? {
      words: 'Failed',
      advice: '',
      stop: '',
      outcome: 'failed',
    };
    const browser = run.browser || id === 'captcha';
    const credits = run.local ? 0 : count * (browser ? BROWSER_PRICE : 1);
    const retry = {
      count,
      changes:
        browser && !run.browser
          ? [
              {
                title: 'Render in a real browser',
                explanation: 'The page is opened as a person would see it.',
                from: 'Off',
                to: 'On',
              },
            ]
          : [],
      cost: { credits, free: run.local },
    };
    return {
      id,
      words,
      advice,
      count,
      timed_out: outcome === 'timed_out',
      retry: stop ? null : retry,
      stop_reason: stop,
    };
  });
  return causes.sort((a, b) => b.count - a.count);
}
