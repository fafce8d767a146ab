// Each chart of the screen: its bars, its table and its sentence, out of the same numbers.

import type {
  DaysView,
  HoursView,
  SitesView,
  SiteUsage,
  TrendView,
  UsageView,
} from '../../backend';
import { dayName, dayOf, hourName, monthName, percent, shortMonth } from '../../calendar';
import type { BarChart, Key } from '../../components/chart/bars';
import type { Cell, Column } from '../../components/chart/ChartCard.svelte';
import { count, plural } from '../../format';

export interface Figure {
  chart: BarChart;
  height: number;
  keys: Key[];
  columns: Column[];
  rows: Cell[][];
  summary: string;
  hint: (at: number) => string;
}

/** Websites with a bar of their own; the table has all. */
const BARS = 7;
const ROW = 28;
const STANDING = 172;

const BROWSER = 'Real browser';
const SIMPLE = 'Simple';

const KINDS: Key[] = [
  { label: BROWSER, tone: 'main' },
  { label: SIMPLE, tone: 'second' },
];
const ENDS: Key[] = [
  { label: 'Worked', tone: 'main' },
  { label: 'Failed', tone: 'second' },
];

const words = (label: string): Column => ({ label });
const number = (label: string): Column => ({ label, numeric: true });
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

export function daysFigure(view: UsageView, days: DaysView): Figure {
  const length = view.length;
  const at = (of: (row: DaysView['rows'][number]) => number) =>
    Array.from({ length }, (_, place) => {
      const row = days.rows[place];
      return row ? of(row) : 0;
    });
  const pace = view.forecast?.pace ?? 0;
  const begun = days.rows.length;
  const even = view.limit && !view.local ? Math.round(view.limit / length) : 0;
  const coming = pace > 0 && begun < length;
  const totals = days.rows.map(({ browser, simple }) => browser + simple);
  const most = totals.indexOf(Math.max(...totals, 0));
  const used = `${plural(days.total, 'credit')} in ${plural(begun, 'day')} of ${monthName(days.month)}`;
  const keys: Key[] = [...KINDS];
  if (even > 0) keys.push({ label: `Even pace, ${count(even)}`, tone: 'line' });
  if (coming) keys.push({ label: 'Forecast', tone: 'faint' });
  return {
    chart: {
      categories: Array.from({ length }, (_, place) => `${place + 1}`),
      series: [
        { name: BROWSER, tone: 'main', values: at(({ browser }) => browser) },
        { name: SIMPLE, tone: 'second', values: at(({ simple }) => simple) },
        {
          name: 'Forecast',
          tone: 'faint',
          values: Array.from({ length }, (_, place) => (coming && place >= begun ? pace : 0)),
        },
      ],
      every: 3,
      ...(even > 0 ? { line: { value: even, label: '' } } : {}),
    },
    height: STANDING,
    keys,
    columns: [
      words('Day'),
      number(BROWSER),
      number(SIMPLE),
      number('Total'),
      ...(view.local ? [] : [number('By this app')]),
    ],
    rows: days.rows.map(({ day, known, browser, simple, own }) => [
      dayName(dayOf(days.month, day)),
      ...(known ? [browser, simple, browser + simple] : [null, null, null]),
      ...(view.local ? [] : [own]),
    ]),
    summary:
      days.total === 0
        ? `No credits in ${plural(begun, 'day')} of ${monthName(days.month)}.`
        : `${used}; the busiest was ${dayName(dayOf(days.month, most + 1))} with ${count(totals[most] ?? 0)}.`,
    hint: (place) => {
      const row = days.rows[place];
      const day = dayName(dayOf(days.month, place + 1));
      if (!row) return coming ? `${day}: about ${count(pace)}, by forecast` : day;
      if (!row.known) return `${day}: not known`;
      return `${day}: ${count(row.browser)} real browser, ${count(row.simple)} simple`;
    },
  };
}

export function hoursFigure(hours: HoursView): Figure {
  const total = (row: HoursView['rows'][number]) => row.browser + row.simple;
  const all = sum(hours.rows.map(total));
  const most = hours.rows.reduce((best, row) => (total(row) > total(best) ? row : best), {
    hour: 0,
    simple: 0,
    browser: 0,
  });
  return {
    chart: {
      categories: hours.rows.map(({ hour }) => hourName(hour)),
      series: [
        { name: BROWSER, tone: 'main', values: hours.rows.map(({ browser }) => browser) },
        { name: SIMPLE, tone: 'second', values: hours.rows.map(({ simple }) => simple) },
      ],
      every: 3,
    },
    height: STANDING,
    keys: KINDS,
    columns: [words('Hour (UTC)'), number(BROWSER), number(SIMPLE), number('Pages')],
    rows: hours.rows.map((row) => [hourName(row.hour), row.browser, row.simple, total(row)]),
    summary:
      all === 0
        ? `No pages on ${dayName(hours.day)}.`
        : `${plural(all, 'page')} on ${dayName(hours.day)}; most between ${hourName(most.hour)} and ${hourName((most.hour + 1) % 24)} UTC, ${count(total(most))}.`,
    hint: (at) => {
      const row = hours.rows[at];
      return row
        ? `${hourName(row.hour)}: ${count(row.browser)} real browser, ${count(row.simple)} simple`
        : '';
    },
  };
}

export function sitesFigure({ rows, others }: SitesView): Figure {
  const inCredits = rows.some(({ credits }) => credits !== null);
  const unit = inCredits ? 'credit' : 'page';
  const amount = (site: SiteUsage) => (inCredits ? site.credits : site.pages) ?? 0;
  const tail = rows.slice(BARS);
  const rest = (inCredits ? others?.credits : others?.pages) ?? 0;
  const many = tail.length + (others?.count ?? 0);
  const all = sum(rows.map(amount)) + rest;
  const top = rows.slice(0, BARS);
  const shareOf = ({ success, failed }: SiteUsage) =>
    success === null ? '' : percent(success, success + (failed ?? 0));
  const bars = top.map((site) => ({
    name: site.site,
    value: amount(site),
    end: [count(amount(site)), shareOf(site)].filter(Boolean).join(' · '),
  }));
  if (many > 0) {
    const value = sum(tail.map(amount)) + rest;
    bars.push({ name: plural(many, 'other site'), value, end: count(value) });
  }
  const first = top[0];
  return {
    chart: {
      lying: true,
      categories: bars.map(({ name }) => name),
      series: [
        {
          name: inCredits ? 'Credits' : 'Pages',
          tone: 'main',
          values: bars.map(({ value }) => value),
          tones: bars.map((_, at) => (at >= BARS ? 'second' : undefined)),
        },
      ],
      ends: bars.map(({ end }) => end),
    },
    height: Math.max(1, bars.length) * ROW,
    keys: [],
    columns: [
      words('Website'),
      number('Credits'),
      number('Pages'),
      number('Worked'),
      number('Failed'),
      number('Success'),
    ],
    rows: [
      ...rows.map((site) => [
        site.site,
        site.credits,
        site.pages,
        site.success,
        site.failed,
        shareOf(site) || null,
      ]),
      ...(others
        ? [[plural(others.count, 'other site'), others.credits, others.pages, null, null, null]]
        : []),
    ],
    summary: sitesSummary(first, rows.length + (others?.count ?? 0), (site) => ({
      amount: plural(amount(site), unit),
      share: percent(amount(site), all),
    })),
    hint: (at) => (bars[at] ? `${bars[at].name}: ${bars[at].end}` : ''),
  };
}

function sitesSummary(
  first: SiteUsage | undefined,
  many: number,
  told: (site: SiteUsage) => { amount: string; share: string },
): string {
  if (!first) return 'No website was scraped.';
  const { amount, share } = told(first);
  if (many === 1) return `${first.site} is the only website: ${amount}.`;
  return `${first.site} has the most of ${plural(many, 'website')}: ${amount}, ${share} of all.`;
}

export function trendFigure(trend: TrendView, view: UsageView | null): Figure {
  const { months } = trend;
  const known = months.filter(({ credits }) => credits !== null);
  const highest = known.reduce<(typeof months)[number] | null>(
    (best, month) => ((month.credits ?? 0) > (best?.credits ?? 0) ? month : best),
    null,
  );
  const now = months.at(-1);
  const expected = view?.current ? (view.forecast?.credits ?? 0) : 0;
  const more = Math.max(0, expected - (now?.credits ?? 0));
  const limit = view && !view.local ? (view.limit ?? 0) : 0;
  const value = (month: (typeof months)[number]) => month.credits ?? 0;
  return {
    chart: {
      categories: months.map(({ month }) => shortMonth(month)),
      series: [
        {
          name: 'Credits',
          tone: 'second',
          values: months.map(value),
          tones: months.map((_, at) => (at === months.length - 1 ? 'main' : undefined)),
        },
        {
          name: 'Forecast',
          tone: 'outline',
          values: months.map((_, at) => (at === months.length - 1 ? more : 0)),
        },
      ],
      ...(limit > 0 ? { line: { value: limit, label: `Plan, ${count(limit)}` } } : {}),
    },
    height: (BARS + 1) * ROW,
    keys: [],
    columns: [words('Month'), number('Credits'), number('Pages'), number('Failed')],
    rows: months.map(({ month, credits, pages, failed }) =>
      credits === null
        ? [monthName(month), null, null, null]
        : [monthName(month), credits, pages, failed],
    ),
    summary: highest
      ? `${monthName(highest.month)} has the most of these ${plural(known.length, 'month')}: ${plural(value(highest), 'credit')}.`
      : 'No credits in these months.',
    hint: (at) => {
      const month = months[at];
      if (!month) return '';
      const so = month.credits === null ? 'not known' : plural(month.credits, 'credit');
      const later = month === now && more > 0 ? `, about ${count(expected)} by the end` : '';
      return `${monthName(month.month)}: ${so}${later}`;
    },
  };
}

export function outcomesFigure({ bill, month }: UsageView): Figure {
  const kinds = [
    { name: BROWSER, worked: bill.browser_success, failed: bill.browser_failed },
    { name: SIMPLE, worked: bill.simple_success, failed: bill.simple_failed },
  ];
  return {
    chart: {
      lying: true,
      categories: kinds.map(({ name }) => name),
      series: [
        { name: 'Worked', tone: 'main', values: kinds.map(({ worked }) => worked) },
        { name: 'Failed', tone: 'second', values: kinds.map(({ failed }) => failed) },
      ],
      ends: kinds.map(({ worked, failed }) => `${count(worked)} · ${count(failed)} failed`),
    },
    height: kinds.length * 44,
    keys: ENDS,
    columns: [
      words('Kind'),
      number('Worked'),
      number('Failed'),
      number('Pages'),
      number('Success'),
    ],
    rows: kinds.map(({ name, worked, failed }) => [
      name,
      worked,
      failed,
      worked + failed,
      percent(worked, worked + failed),
    ]),
    summary:
      bill.pages === 0
        ? `No pages in ${monthName(month)}.`
        : `${count(bill.success)} of ${plural(bill.pages, 'page')} worked, ${percent(bill.success, bill.pages)}; ${count(bill.failed)} failed.`,
    hint: (at) => {
      const kind = kinds[at];
      return kind ? `${kind.name}: ${count(kind.worked)} worked, ${count(kind.failed)} failed` : '';
    },
  };
}

export function clientsFigure({ clients, bill }: UsageView): Figure {
  const top = clients.slice(0, BARS);
  const first = clients[0];
  return {
    chart: {
      lying: true,
      categories: top.map(({ name }) => name),
      series: [{ name: 'Credits', tone: 'main', values: top.map(({ credits }) => credits) }],
      ends: top.map(({ credits }) => count(credits)),
    },
    height: Math.max(1, top.length) * ROW,
    keys: [],
    columns: [
      words('Client'),
      number('Credits'),
      number('Pages'),
      number('Worked'),
      number('Failed'),
    ],
    rows: clients.map(({ name, credits, pages, success, failed }) => [
      name,
      credits,
      pages,
      success,
      failed,
    ]),
    summary: first
      ? `${first.name} used the most of ${plural(clients.length, 'client')}: ${plural(first.credits, 'credit')}, ${percent(first.credits, bill.credits)} of all.`
      : 'The service names no client.',
    hint: (at) => (top[at] ? `${top[at].name}: ${plural(top[at].credits, 'credit')}` : ''),
  };
}
