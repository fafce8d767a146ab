// A number of credits as a person types it.

export const MOST_CREDITS = 1_000_000_000;

/** "5,000", "5 000", "5.000" and "5000" are the same; empty is 0. Null when it is no such number. */
export function readCredits(typed: string): number | null {
  const text = typed.trim().replace(/\s+/g, ' ');
  if (text === '') return 0;
  const digits = /^\d{1,3}([,. ’'])\d{3}(\1\d{3})*$/.test(text) ? text.replace(/\D/g, '') : text;
  if (!/^\d+$/.test(digits)) return null;
  const credits = Number(digits);
  return credits <= MOST_CREDITS ? credits : null;
}
