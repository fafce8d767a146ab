/** Two runs of a list beside each other, in words. */
import type {
  ComparisonFilter,
  ComparisonPage,
  ComparisonRow,
  JobOutcome,
  RunSummary,
} from '../../backend';
import { count, plural } from '../../format';

export interface ComparisonChip {
  filter: ComparisonFilter;
  label: string;
  n: number;
}

type Counts = Omit<ComparisonPage, 'rows' | 'found'>;

export function chipsOf(counts: Counts): ComparisonChip[] {
  const one = counts.only_before + counts.only_after;
  const changed = counts.verdict_changed + counts.data_changed + one;
  return [
    { filter: 'changed', label: 'Changed', n: changed },
    { filter: 'verdict', label: 'Different outcome', n: counts.verdict_changed },
    { filter: 'data', label: 'Other values', n: counts.data_changed },
    { filter: 'only_one', label: 'In one run only', n: one },
    { filter: 'all', label: 'All', n: changed + counts.same },
  ];
}

/** "Of 492 pages, 430 are the same." and so on: all parts add up. */
export function summaryText(counts: Counts): string {
  const all = chipsOf(counts).find(({ filter }) => filter === 'all')?.n ?? 0;
  if (all === 0) return 'Neither run has a page.';
  const parts = [
    counts.same > 0 ? `${count(counts.same)} are the same` : '',
    counts.verdict_changed > 0 ? `${count(counts.verdict_changed)} ended differently` : '',
    counts.data_changed > 0 ? `${count(counts.data_changed)} have other values` : '',
    counts.only_before > 0 ? `${count(counts.only_before)} are not there any more` : '',
    counts.only_after > 0 ? `${count(counts.only_after)} are new` : '',
  ].filter(Boolean);
  return `Of ${plural(all, 'page')}: ${parts.join(', ')}.`;
}

/** What changed on one page, in one line. */
export function changeText({ before, after, values }: ComparisonRow): string {
  if (!before) return 'New in the later run';
  if (!after) return 'Not in the later run';
  const [first] = values;
  if (first) {
    const more = values.length > 1 ? ` and ${count(values.length - 1)} more` : '';
    return `${first.name}: ${shown(first.before)} → ${shown(first.after)}${more}`;
  }
  if (before.outcome !== after.outcome) {
    return `${OUTCOME_WORDS[before.outcome]} → ${OUTCOME_WORDS[after.outcome].toLowerCase()}`;
  }
  return before.cause === after.cause ? 'The same' : 'Failed for another reason';
}

const OUTCOME_WORDS: Record<JobOutcome, string> = {
  success: 'Success',
  failed: 'Failed',
  timed_out: 'Timed out',
  waiting: 'Waiting',
  refused: 'Not taken',
  duplicate: 'There twice',
};

export function shown(value: string): string {
  return value === '' ? 'empty' : value;
}

/** The older one first. */
export function inOrder(a: RunSummary, b: RunSummary): [RunSummary, RunSummary] {
  return a.started_at < b.started_at || (a.started_at === b.started_at && a.number < b.number)
    ? [a, b]
    : [b, a];
}
