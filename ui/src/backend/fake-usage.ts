// A month of usage in memory: October 2026 on its 16th day, as the design has it. `?usage=several` has
// two clients, `odd` answers that nobody can read, `kept` figures of before, `early` the first day,
// `none` nothing at all, `slow` days that are asked for one by one.

import { failure } from './fake-accounts';
import type { Reply } from './fake-collections';
import type { UsageBackend } from './index';
import type {
  AccountView,
  BillView,
  BudgetState,
  BudgetView,
  DaysProgress,
  FreeForm,
  SitesView,
  UsageView,
} from './types';

export const SPENT = 2_100;

const THIS = '2026-10';
const TODAY = '2026-10-16';
const BROWSER = [
  1850, 2240, 1420, 1180, 2950, 2790, 3120, 2680, 2410, 1520, 1360, 3340, 3860, 3120, 4210, 3650,
];
const SIMPLE = [
  820, 940, 610, 540, 1180, 1090, 1240, 1130, 1020, 640, 590, 1310, 1480, 1260, 1720, 1480,
];
const EARLIER = [
  { month: '2026-05', credits: 41_200 },
  { month: '2026-06', credits: 52_640 },
  { month: '2026-07', credits: 48_900 },
  { month: '2026-08', credits: 61_300 },
  { month: '2026-09', credits: 83_450 },
];
const SITES: [string, number, number, number][] = [
  ['nordlys-outfitters.example', 18_420, 7_200, 216],
  ['portal-norte.example', 12_905, 5_100, 612],
  ['kettleandoak.example', 9_310, 3_980, 358],
  ['fjellsport.example', 8_140, 3_400, 68],
  ['workboard.example', 5_220, 2_300, 23],
  ['harbour-and-hill.example', 2_655, 1_910, 60],
  ['a-very-long-name-of-a-website-that-does-not-fit.example', 1_900, 1_000, 20],
  ['lamp-post.example', 200, 500, 13],
];
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

export function fakeBudget(budget: number, spent: number, cost: number): BudgetView | null {
  if (budget === 0) return null;
  const after = spent + cost;
  let state: BudgetState = 'within';
  if (after > budget) state = 'over';
  else if (after * 5 >= budget * 4) state = 'near';
  return { budget, spent, state };
}

export function fakeUsage(
  reply: Reply,
  account: () => AccountView | undefined,
  kind: string,
  budget: () => number,
): UsageBackend {
  let stopDays: () => void = () => undefined;

  /** Day by day until somebody has enough of it. */
  async function asking(onProgress: (step: DaysProgress) => void): Promise<boolean> {
    onProgress({ asked: 3, of: 16 });
    await new Promise<void>((resolve) => (stopDays = resolve));
    return true;
  }

  const days = () => (kind === 'none' ? 0 : kind === 'early' ? 1 : 16);

  function checked(month: string): string {
    const wanted = month || THIS;
    if (wanted <= THIS) return wanted;
    throw failure('invalid_form', {
      problems: [{ field: 'month', message: 'This month has not begun yet.' }],
    });
  }

  function billOf(month: string): BillView {
    if (month !== THIS) return billed(0, EARLIER.find((one) => one.month === month)?.credits ?? 0);
    return billed(sum(BROWSER.slice(0, days())), sum(SIMPLE.slice(0, days())));
  }

  function view(month: string): UsageView {
    const bill = billOf(month);
    const current = month === THIS;
    const local = account()?.kind === 'local';
    const credits = current && !local ? account()?.credits : null;
    const late = current && days() === 16;
    const elsewhere = bill.credits - SPENT;
    return {
      month,
      today: kind === 'early' ? '2026-10-01' : TODAY,
      length: LENGTHS[Number(month.slice(5)) - 1] ?? 30,
      current,
      account_id: account()?.id ?? '',
      account_name: account()?.name ?? '',
      local,
      bill,
      clients:
        kind === 'several'
          ? [
              { name: 'acme-shop', credits: 43_690, pages: 19_000, success: 18_100, failed: 900 },
              { name: 'acme-tests', credits: 15_060, pages: 6_390, success: 5_920, failed: 470 },
            ]
          : [{ name: 'acme', ...bill }],
      sites: sites(kind, bill),
      left: credits?.left ?? null,
      limit: credits?.limit ?? null,
      forecast: late
        ? { credits: 113_800, pace: 3_671, runs_out: local ? null : '2026-10-27' }
        : null,
      budget: current && !local ? fakeBudget(budget(), SPENT, 0) : null,
      ledger: {
        own_pages: kind === 'none' ? 0 : 900,
        own_credits: kind === 'none' || local ? 0 : SPENT,
        service_pages: bill.pages,
        service_credits: local ? 0 : bill.credits,
        reasons:
          kind === 'none' || elsewhere <= 0
            ? []
            : [
                { reason: 'unconfirmed', calls: 2, credits_at_most: 6 },
                { reason: 'elsewhere', pages: bill.pages - 900, credits: local ? 0 : elsewhere },
              ],
      },
      fetched_at: Date.UTC(2026, 9, 16, 14, 32) / 1000,
      trouble: kind === 'kept' ? failure('unreachable') : null,
    };
  }

  return {
    usage: (month) => reply('usage', () => view(checked(month))),
    stopUsageDays: () => reply('stop_usage_days', () => stopDays()),
    usageDays: async (month, onProgress) => {
      const stopped = kind === 'slow' && (await asking(onProgress));
      return reply('usage_days', () => {
        const wanted = checked(month);
        const begun = wanted === THIS ? (kind === 'early' ? 1 : 16) : 30;
        const known = wanted === THIS ? days() : 0;
        const rows = Array.from({ length: begun }, (_, at) => ({
          day: at + 1,
          known: stopped ? at < 3 : kind !== 'odd' || at > 12,
          browser: at < known ? (BROWSER[at] ?? 0) : 0,
          simple: at < known ? (SIMPLE[at] ?? 0) : 0,
          own: at === 0 ? SPENT : 0,
        }));
        const total = sum(rows.map(({ browser, simple }) => browser + simple));
        const missing = stopped ? 13 : kind === 'odd' ? 13 : 0;
        return {
          month: wanted,
          rows,
          worked_out: kind === 'odd',
          total,
          billed: wanted === THIS ? total - missing * 40 : total,
          missing,
          trouble: kind === 'odd' ? failure('rate_limited') : null,
        };
      });
    },
    usageHours: (day) =>
      reply('usage_hours', () => ({
        day,
        rows:
          kind === 'odd'
            ? []
            : Array.from({ length: 24 }, (_, hour) => ({
                hour,
                simple: hour > 6 && hour < 20 ? hour * 7 : 0,
                browser: hour > 8 && hour < 18 ? 40 + ((hour * 13) % 31) : 0,
              })),
        unread: kind === 'odd' ? ODD : null,
      })),
    usageTrend: () =>
      reply('usage_trend', () => {
        const now = { month: THIS, credits: billOf(THIS).credits };
        const months = [...EARLIER, now].map(({ month, credits }) => ({
          month,
          credits: kind === 'none' ? 0 : kind === 'odd' && month < '2026-07' ? null : credits,
          pages: Math.round(credits * 0.43),
          failed: Math.round(credits * 0.02),
        }));
        return { months, trouble: kind === 'odd' ? failure('service_problem') : null };
      }),
    serviceMetrics: ({ from, metric }) =>
      reply('service_metrics', () => ({
        refused: kind === 'several',
        figures: kind === 'none' ? { rows: [], more: 0 } : metricsOf(from, metric),
      })),
    plans: () =>
      reply('plans', () => ({
        plans: [
          plan('Starter', 25_000, 29),
          { ...plan('Growth', 100_000, 69), yours: account()?.credits?.limit === 100_000 },
          plan('Pro', 500_000, 199),
        ],
        unread: kind === 'odd' ? ODD : null,
      })),
    saveChartTable: ({ title }) => reply('save_chart_table', () => saved(`${title}.csv`)),
    saveChartPicture: ({ title, svg }) =>
      reply('save_chart_picture', () => {
        if (!svg.startsWith('<svg')) throw failure('unexpected');
        window.dispatchEvent(new CustomEvent('fake-picture', { detail: svg }));
        return saved(`${title}.png`);
      }),
  };
}

const ODD: FreeForm = {
  rows: [
    { name: 'by site › shop › deep › 1', value: '12', number: true },
    { name: 'note', value: 'will be counted tomorrow', number: false },
  ],
  more: 3,
};

function billed(browser: number, simple: number): BillView {
  const credits = browser + simple;
  const [browserPages, simplePages] = [Math.round(browser / 5), simple];
  const failed = (pages: number) => Math.round(pages * 0.054);
  return {
    credits,
    simple_credits: simple,
    browser_credits: browser,
    worked_out: false,
    browser_success: browserPages,
    simple_success: simplePages,
    browser_failed: failed(browserPages),
    simple_failed: failed(simplePages),
    success: browserPages + simplePages,
    failed: failed(browserPages) + failed(simplePages),
    pages: browserPages + simplePages + failed(browserPages) + failed(simplePages),
  };
}

function sites(kind: string, bill: BillView): SitesView {
  if (kind === 'none' || bill.credits === 0) return { rows: [], others: null, unread: null };
  if (kind === 'odd') return { rows: [], others: null, unread: ODD };
  return {
    rows: SITES.map(([site, credits, pages, failed]) => ({
      site,
      credits,
      pages,
      success: pages - failed,
      failed,
    })),
    others: { count: 20, credits: 200, pages: 90 },
    unread: null,
  };
}

function metricsOf(from: string, metric: string): FreeForm {
  const names = [
    ['scrape type › simple › total', '412'],
    ['scrape type › browser › total', '1,204'],
    [`${metric} › nordlys-outfitters.example › success`, '97'],
  ] as const;
  return {
    rows: names.map(([name, value]) => ({ name: `data › ${from} › ${name}`, value, number: true })),
    more: 0,
  };
}

function plan(name: string, credits: number, price: number) {
  const facts = [
    { name: 'max concurrent jobs', value: '20', number: true },
    { name: 'price monthly', value: `${price}`, number: true },
    { name: 'perks › priority support', value: 'yes', number: false },
  ];
  return { name, yours: false, credits, facts: { rows: facts, more: 0 } };
}

function saved(name: string) {
  return { path: `/home/ana/Documents/${name}`, name, folder: 'Documents', size: 18_432 };
}
