// Stretches of time as a filter offers them, in the person's own days.

export type Since = 'any' | 'today' | 'week' | 'month' | 'year' | 'older';

export const SINCE_WORDS: { since: Since; label: string }[] = [
  { since: 'any', label: 'Any time' },
  { since: 'today', label: 'Today' },
  { since: 'week', label: 'Last 7 days' },
  { since: 'month', label: 'Last 30 days' },
  { since: 'year', label: 'Last 12 months' },
  { since: 'older', label: 'Older than 12 months' },
];

/** Unix seconds; 0: no bound. Days begin at midnight here. */
export function sinceOf(since: Since, now: Date): { since: number; before: number } {
  const day = (back: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - back).getTime() / 1000;
  const year = new Date(now.getFullYear() - 1, now.getMonth(), now.getDate()).getTime() / 1000;
  switch (since) {
    case 'any':
      return { since: 0, before: 0 };
    case 'today':
      return { since: day(0), before: 0 };
    case 'week':
      return { since: day(6), before: 0 };
    case 'month':
      return { since: day(29), before: 0 };
    case 'year':
      return { since: year, before: 0 };
    case 'older':
      return { since: 0, before: year };
  }
}
