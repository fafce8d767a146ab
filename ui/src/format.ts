// Numbers, sizes, times and dates as a person reads them.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCALE = 'en-GB';

// Made once: a table that scrolls asks for dozens in each frame, and each would be made anew.
const NUMBER = new Intl.NumberFormat(LOCALE);
const TIME = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const MONTH = new Intl.DateTimeFormat(LOCALE, { month: 'short' });
const WEEKDAY = new Intl.DateTimeFormat(LOCALE, { weekday: 'short' });

export function count(value: number): string {
  return NUMBER.format(value);
}

/** "1 credit", "5 credits", "41,250 credits". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** "412 KB". */
export function bytes(value: number): string {
  if (value < 1024) return plural(value, 'byte');
  const units = ['KB', 'MB', 'GB'];
  let amount = value / 1024;
  let unit = 0;
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 99.95 ? 0 : 1;
  return `${amount.toFixed(digits)} ${units[unit]}`;
}

/** "180 ms", "6.2 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE - 50) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  const minutes = `${Math.floor(seconds / 60)} min`;
  return rest === 0 ? minutes : `${minutes} ${rest} s`;
}

/** "0:07", "2:05": a clock that counts. */
export function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "Just now", "Today, 14:32", "Yesterday, 18:03", "Wed 14 Oct", "14 Oct 2024". */
export function when(unixSeconds: number, now: Date = new Date()): string {
  const date = new Date(unixSeconds * 1000);
  const age = now.getTime() - date.getTime();
  if (age >= 0 && age < MINUTE) return 'Just now';
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY);
  if (days === 0) return `Today, ${TIME.format(date)}`;
  if (days === 1) return `Yesterday, ${TIME.format(date)}`;
  const day = `${date.getDate()} ${MONTH.format(date)}`;
  if (date.getFullYear() !== now.getFullYear()) return `${day} ${date.getFullYear()}`;
  return `${WEEKDAY.format(date)} ${day}`;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
