/** What trying failed pages again would do and cost. */
import type { CauseView, ChangeView, RetryForm } from '../../backend';
import { count, plural } from '../../format';

/** All that a retry of one cause takes along. */
export interface RetryGroup {
  id: string;
  words: string;
  count: number;
  /** How many would be tried again; 0 when it is futile. */
  offered: number;
  changes: ChangeView[];
  credits: number;
  stopReason: string;
}

/** A retry takes a cause by its id, so failed and timed out pages of one id stand together. */
export function groupsOf(causes: CauseView[]): RetryGroup[] {
  const groups = new Map<string, RetryGroup>();
  for (const { id, words, count, retry, stop_reason } of causes) {
    const group = groups.get(id) ?? {
      id,
      words,
      count: 0,
      offered: 0,
      changes: [],
      credits: 0,
      stopReason: '',
    };
    group.count += count;
    group.stopReason ||= stop_reason;
    if (retry) {
      group.offered += retry.count;
      group.credits += retry.cost.credits;
      if (group.changes.length === 0) group.changes = retry.changes;
    }
    groups.set(id, group);
  }
  return [...groups.values()];
}

export interface RetrySum {
  pages: number;
  /** At most. */
  credits: number;
}

export function sumOf(groups: RetryGroup[], chosen: ReadonlySet<string>): RetrySum {
  return groups
    .filter(({ id, offered }) => offered > 0 && chosen.has(id))
    .reduce(
      (sum, { offered, credits }) => ({
        pages: sum.pages + offered,
        credits: sum.credits + credits,
      }),
      { pages: 0, credits: 0 },
    );
}

/** Exactly what is shown is what is sent. */
export function retryForm(
  runId: string,
  groups: RetryGroup[],
  chosen: ReadonlySet<string>,
): RetryForm {
  return {
    run_id: runId,
    causes: groups.filter(({ id, offered }) => offered > 0 && chosen.has(id)).map(({ id }) => id),
    confirmed_ceiling: sumOf(groups, chosen).credits,
  };
}

/** "37 pages in a real browser: at most 185 credits". */
export function offerText({ offered, count: all, changes, credits }: RetryGroup): string {
  const pages =
    offered < all ? `${count(offered)} of ${plural(all, 'page')}` : plural(offered, 'page');
  const how = changes.length === 0 ? 'the same way again' : changes.map(changeText).join(', ');
  return `${pages}, ${how}: ${priceText(credits)}`;
}

export function priceText(credits: number): string {
  return credits === 0 ? 'free' : `at most ${plural(credits, 'credit')}`;
}

/** How many pages can be tried again at all. */
export function retryable(causes: CauseView[]): number {
  return groupsOf(causes).reduce((sum, { offered }) => sum + offered, 0);
}

function changeText({ title, from, to }: ChangeView): string {
  return `${title.charAt(0).toLowerCase()}${title.slice(1)} (${from} → ${to})`;
}
