import { beforeEach, expect, test, vi } from 'vitest';

import { backend, type DaysView, type UsageView } from '../../backend';
import { app } from '../../state/app.svelte';
import { usage } from '../../state/usage.svelte';
import { daysFigure, sitesFigure, trendFigure } from './figures';
import { daysNotes, lastingWords, planWords, reasonWords, tiles } from './words';

await app.load();
const [VIEW, DAYS] = await Promise.all([backend.usage(''), backend.usageDays('', () => undefined)]);
const CLOUD: UsageView = { ...VIEW, local: false, left: 41_250, limit: 100_000 };

const view = (rest: Partial<UsageView>): UsageView => ({ ...CLOUD, ...rest });
const days = (rest: Partial<DaysView>): DaysView => ({ ...DAYS, ...rest });

beforeEach(() => {
  vi.restoreAllMocks();
});

test('the answer to “will it last?” is the most pressing one', () => {
  const forecast = { credits: 113_800, pace: 3_671, runs_out: '2026-10-27' };
  const over = { budget: 10, spent: 11, state: 'over' as const };
  const near = { budget: 10, spent: 9, state: 'near' as const };
  const said = (rest: Partial<UsageView>) =>
    lastingWords(view({ forecast, budget: null, ...rest }));
  expect(said({ left: 0, budget: over })?.text).toBe('All credits of this month are used.');
  expect(said({ budget: over })?.text).toContain('more than your budget of 10 credits');
  expect(said({ budget: near })?.text).toBe('At this pace, credits run out around 27 October.');
  const enough = { ...forecast, credits: 60_000, runs_out: null };
  expect(said({ forecast: enough, budget: near })?.text).toContain('most of your budget');
  expect(said({ forecast: enough })?.text).toContain('about 40,000 credits will be left');
  expect(said({ forecast: null })?.text).toContain('too early');
  expect(said({ local: true }), 'nobody pays').toBeNull();
  expect(said({ current: false }), 'it is over').toBeNull();
});

test('the plan is named when the service names it', () => {
  const plan = { name: 'Growth', yours: true, credits: 100_000, facts: { rows: [], more: 0 } };
  const plans = { plans: [plan], unread: null };
  expect(planWords(CLOUD, plans)).toBe(
    'Growth plan, 100,000 credits a month. Starts again on 1 November.',
  );
  expect(planWords(CLOUD, null)).toBe('100,000 credits a month. Starts again on 1 November.');
  expect(planWords(view({ limit: null }), null)).toContain('does not say how many');
  expect(planWords(view({ month: '2026-12' }), null), 'over the year').toContain('1 January');
});

test('tiles never divide by nothing', () => {
  const none = { ...VIEW.bill, credits: 0, browser_credits: 0, pages: 0, success: 0 };
  const empty = tiles(view({ bill: none, forecast: null, limit: null, left: null }));
  expect(empty.map(({ value }) => value)).toEqual(['0', '–', '–', '–']);
  expect(empty.every(({ share }) => share === null)).toBe(true);
  const over = tiles(CLOUD)[3];
  expect([over?.foot, over?.warn]).toEqual(['13,800 over your plan', true]);
});

test('what the days leave out of the bill is said', () => {
  expect(daysNotes(days({ total: 10, billed: 10, missing: 0, worked_out: false }))).toEqual([]);
  expect(daysNotes(days({ total: 12, billed: 10, worked_out: true })).join()).toContain(
    '2 more than the bill of 10: failed pages are not charged',
  );
  expect(daysNotes(days({ total: 7, billed: 10 })).join()).toContain('3 less than the bill');
  expect(
    daysNotes(days({ total: 7, billed: 10, missing: 2 })).join(),
    'they are missing',
  ).not.toContain('less');
  expect(reasonWords({ reason: 'elsewhere', pages: 1, credits: 5 })).toMatch(
    /^1 page and 5 credits more/,
  );
});

test('the chart of the days, its table and its sentence have the same numbers', () => {
  const figure = daysFigure(CLOUD, DAYS);
  const [browser, simple, coming] = figure.chart.series.map(({ values }) => values);
  expect(browser?.slice(0, 16)).toEqual(figure.rows.map((row) => row[1]));
  expect(simple?.slice(0, 16)).toEqual(figure.rows.map((row) => row[2]));
  expect(
    coming?.filter((value) => value > 0),
    'each day to come',
  ).toHaveLength(15);
  expect(figure.summary).toBe(
    '58,750 credits in 16 days of October 2026; the busiest was 15 October with 5,930.',
  );
  const first = DAYS.rows[0];
  if (!first) throw new Error('a day');
  const gap = daysFigure(CLOUD, days({ rows: [{ ...first, known: false }] }));
  expect(gap.rows[0]?.slice(1, 4), 'not known is not 0').toEqual([null, null, null]);
});

test('websites without credits are told in pages', () => {
  const site = (name: string, pages: number) => ({
    site: name,
    credits: null,
    pages,
    success: null,
    failed: null,
  });
  const rows = Array.from({ length: 9 }, (_, at) => site(`${at}.example`, 9 - at));
  const figure = sitesFigure({ rows, others: { count: 3, credits: 0, pages: 5 }, unread: null });
  expect(figure.chart.categories.at(-1)).toBe('5 other sites');
  expect(figure.chart.series[0]?.values.at(-1), '2 and 1 of those below, and 5').toBe(8);
  expect(figure.rows).toHaveLength(10);
  expect(figure.summary).toContain('9 pages, 18% of all');
  expect(sitesFigure({ rows: [], others: null, unread: null }).rows).toEqual([]);
});

test('a month nobody knows is a gap, not a zero', () => {
  const month = (name: string, credits: number | null) => ({
    month: name,
    credits,
    pages: 0,
    failed: 0,
  });
  const trend = { months: [month('2026-09', null), month('2026-10', 50)], trouble: null };
  const figure = trendFigure(trend, null);
  expect(figure.rows).toEqual([
    ['September 2026', null, null, null],
    ['October 2026', 50, 0, 0],
  ]);
  expect(figure.hint(0)).toBe('September 2026: not known');
});

test('a late answer for another month does not show', async () => {
  let late: (view: UsageView) => void = () => undefined;
  vi.spyOn(backend, 'usage').mockImplementationOnce(
    () => new Promise((resolve) => (late = resolve)),
  );
  const first = usage.load();
  await usage.choose('2026-09');
  expect(usage.view?.month).toBe('2026-09');
  late(VIEW);
  await first;
  expect(usage.view?.month, 'the one that was chosen last').toBe('2026-09');
  expect(usage.loading).toBe(false);
});

test('what fails shows its error, and nothing of the month before', async () => {
  vi.spyOn(backend, 'usage').mockRejectedValueOnce({ ...(await anError()), code: 'unreachable' });
  await usage.choose('2026-08');
  expect([usage.view, usage.days, usage.error?.code]).toEqual([null, null, 'unreachable']);
  await usage.choose('');
  expect([usage.view?.month, usage.error]).toEqual(['2026-10', null]);
});

async function anError() {
  return backend.usage('2999-01').then(
    () => ({}),
    (error: object) => error,
  );
}
