/** A job without a page to show, in words. */
import type { CauseView, JobView, RunSummary } from '../../backend';
import { count, duration, plural, when } from '../../format';
import type { IconName } from '../../icons';

export interface NoResult {
  icon: IconName;
  title: string;
  text: string;
  /** Not empty: trying again will not help, and why. */
  futile: string;
}

export function noResultWords(view: JobView, run: RunSummary, causes: CauseView[]): NoResult {
  const { job, result } = view;
  switch (job.outcome) {
    case 'waiting':
      return { icon: 'clock', futile: '', ...waiting(run) };
    case 'success':
      return {
        icon: 'alert',
        title: 'The result is not on this computer any more',
        text: 'It may have been removed to make room. Scrape the page again to have it back.',
        futile: '',
      };
    case 'refused':
      return {
        icon: 'x-circle',
        title: 'The service did not take this page',
        text: job.words,
        futile: '',
      };
    case 'duplicate':
      return {
        icon: 'copy',
        title: job.words,
        text: 'It was sent once. Its result stands with the other one.',
        futile: '',
      };
    case 'failed':
    case 'timed_out': {
      const cause = causes.find(({ id }) => id === job.cause);
      return {
        icon: job.outcome === 'failed' ? 'x-circle' : 'timer',
        title: job.words,
        text: result?.explanation || cause?.advice || '',
        futile: result?.stop_reason || cause?.stop_reason || '',
      };
    }
  }
}

/** "6.1 s · 5 credits · Today, 14:38": only what is known. */
export function jobFacts({ job }: JobView, run: RunSummary): string {
  return [
    job.duration_ms === null ? '' : duration(job.duration_ms),
    run.local ? 'free' : job.credits === null ? '' : plural(job.credits, 'credit'),
    job.ended_at === null ? '' : when(job.ended_at),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** "12 of 486". */
export function placeText(current: number | null, found: number): string {
  return current === null
    ? 'Not in the table as it is filtered'
    : `${count(current + 1)} of ${count(found)}`;
}

function waiting(run: RunSummary): { title: string; text: string } {
  switch (run.state) {
    case 'not_started':
      return { title: 'It was never sent', text: 'This run was never started.' };
    case 'watching_stopped':
      return {
        title: 'Not known',
        text: 'You stopped watching this run. Watch again to see what became of this page.',
      };
    case 'sending':
    case 'running':
    case 'finished':
      return { title: 'Not ready yet', text: 'It shows here by itself as soon as it is.' };
  }
}
