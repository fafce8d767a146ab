/** Runs and their jobs, said in plain words. */
import type { JobOutcome, JobRow, RunSummary, RunView } from '../../backend';
import { count, duration, plural } from '../../format';
import type { IconName } from '../../icons';
import { isUnfinished } from '../../state/run-progress';

export function doneOf(run: RunSummary): number {
  return run.success + run.failed + run.timed_out;
}

export interface Fact {
  label: string;
  value: string;
  /** Smaller, after the value. */
  rest: string;
}

export function facts({ run, pages_per_minute, seconds_left }: RunView): Fact[] {
  const list: Fact[] = [
    { label: 'Done', value: count(doneOf(run)), rest: `of ${count(run.queued)}` },
  ];
  if (isUnfinished(run)) {
    list.push({ label: 'Time left', ...timeLeft(seconds_left) });
    if (pages_per_minute !== null) {
      list.push({ label: 'Speed', value: count(pages_per_minute), rest: 'pages a minute' });
    }
  } else if (run.ended_at !== null && run.state === 'finished') {
    list.push({ label: 'Took', value: duration((run.ended_at - run.started_at) * 1000), rest: '' });
  }
  list.push(creditsFact(run));
  if (run.refunded > 0) {
    list.push({
      label: 'Credits returned',
      value: `for ${plural(run.refunded, 'page')}`,
      rest: '',
    });
  }
  return list;
}

/** "About 4 min", "About 1 h 20 min". */
export function about(seconds: number): string {
  if (seconds < 60) return 'Less than a minute';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `About ${minutes} min`;
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return rest === 0 ? `About ${count(hours)} h` : `About ${count(hours)} h ${rest} min`;
}

/** What became of the list before the run; empty when all of it went in. */
export function funnelText(run: RunSummary): string {
  const reasons = [
    run.left_out > 0 ? `${count(run.left_out)} left out` : '',
    run.refused > 0 ? `${count(run.refused)} not taken by the service` : '',
    run.duplicates > 0 ? `${count(run.duplicates)} there twice` : '',
  ].filter(Boolean);
  if (reasons.length === 0) return '';
  const last = reasons.pop() ?? '';
  const list = reasons.length > 0 ? `${reasons.join(', ')} and ${last}` : last;
  return `Of ${plural(run.submitted, 'page')} in the list, ${count(run.queued)} went into this run: ${list}.`;
}

const GONE = ['result_expired', 'result_lost', 'missing'];

/** Where the results are, in two pieces: the second is the news. */
export function keptText({ run, causes }: RunView): {
  before: string;
  strong: string;
  after: string;
} {
  if (isUnfinished(run)) {
    return run.local
      ? {
          before: 'This computer works through the pages while the app is open. Each result is ',
          strong: 'saved here',
          after: ' as it arrives.',
        }
      : {
          before: 'The service keeps results for 24 h. Each one is ',
          strong: 'saved on this computer',
          after: ' as it arrives.',
        };
  }
  const gone = causes
    .filter(({ id }) => GONE.includes(id))
    .reduce((sum, cause) => sum + cause.count, 0);
  if (run.state === 'finished' && gone > 0) {
    return {
      before: `${plural(gone, 'result')} could not be saved: the service has deleted or lost them. All others are `,
      strong: 'saved on this computer',
      after: '.',
    };
  }
  return {
    before: run.state === 'finished' ? 'All results are ' : 'What has arrived is ',
    strong: 'saved on this computer',
    after: '.',
  };
}

export interface OutcomeLook {
  icon: IconName;
  tone: 'ok' | 'bad' | 'warn' | '';
}

export const OUTCOME_LOOK: Record<JobOutcome, OutcomeLook> = {
  success: { icon: 'check-circle', tone: 'ok' },
  failed: { icon: 'x-circle', tone: 'bad' },
  timed_out: { icon: 'timer', tone: 'warn' },
  waiting: { icon: 'clock', tone: '' },
  refused: { icon: 'x-circle', tone: '' },
  duplicate: { icon: 'copy', tone: '' },
};

/** What is not known of a job that waits is not said. */
export function jobWords(job: JobRow, run: RunSummary): string {
  if (job.outcome !== 'waiting') return job.words;
  if (run.state === 'not_started') return 'Not sent';
  return run.state === 'watching_stopped' ? 'Not known' : job.words;
}

/** The host that all of these share; empty when they don't. */
export function commonHost(addresses: string[]): string {
  const hosts = new Set(addresses.map(hostOf));
  const [host = ''] = hosts;
  return hosts.size === 1 ? host : '';
}

/** The path where the host says nothing, else both. */
export function shownAddress(address: string, host: string): string {
  try {
    const url = new URL(address);
    const path = url.pathname + url.search + url.hash;
    return url.host === host ? path : url.host.replace(/^www\./, '') + path;
  } catch {
    return address;
  }
}

export function finished(run: RunSummary): string {
  const failed = run.failed + run.timed_out;
  const rest = failed > 0 ? `, ${count(failed)} failed` : '';
  return `Run ${run.number} has finished: ${count(run.success)} success${rest}.`;
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return '';
  }
}

function timeLeft(seconds: number | null): { value: string; rest: string } {
  return { value: seconds === null ? 'Not known yet' : about(seconds), rest: '' };
}

function creditsFact(run: RunSummary): Fact {
  const label = isUnfinished(run) ? 'Credits so far' : 'Credits';
  if (run.local || (run.ceiling === 0 && run.credits === 0)) {
    return { label: 'Credits', value: 'Free', rest: run.local ? 'on this computer' : '' };
  }
  return { label, value: count(run.credits), rest: `of at most ${count(run.ceiling)}` };
}
