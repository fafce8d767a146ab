// Months, days and shares as a person reads them. The service counts in UTC, and so does this.

/** "October 2026" of "2026-10". */
export function monthName(month: string): string {
  return part(`${month}-01`, { month: 'long', year: 'numeric' });
}

/** "Oct". */
export function shortMonth(month: string): string {
  return part(`${month}-01`, { month: 'short' });
}

/** "27 October" of "2026-10-27". */
export function dayName(day: string): string {
  return part(day, { day: 'numeric', month: 'long' });
}

/** "2026-10-07" of "2026-10" and 7. */
export function dayOf(month: string, day: number): string {
  return `${month}-${String(day).padStart(2, '0')}`;
}

/** "2026-11" of "2026-10" and 1. */
export function monthsLater(month: string, many: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const all = year * 12 + number - 1 + many;
  return `${String(Math.floor(all / 12)).padStart(4, '0')}-${String((all % 12) + 1).padStart(2, '0')}`;
}

/** "94.6%", "71%", "100%" only when it is all of it. */
export function percent(some: number, all: number): string {
  if (all <= 0) return '–';
  const share = (some / all) * 100;
  const rounded = Math.round(share * 10) / 10;
  if (rounded === 100 && some < all) return '99.9%';
  if (rounded === 0 && some > 0) return '0.1%';
  return `${rounded}%`;
}

/** "07:00". */
export function hourName(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

function part(day: string, options: Intl.DateTimeFormatOptions): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const moment = new Date(Date.UTC(year, month - 1, date));
  return moment.toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
}
