/** A collection's pages, problems, price and runs in plain words. */
import type {
  EstimateView,
  SpendingView,
  OwnOption,
  PageColumn,
  PageProblem,
  ProblemKind,
  ScrapeForm,
  TimeView,
} from '../../../backend';
import { count, plural } from '../../../format';
import type { IconName } from '../../../icons';
import { locationName, pageSummary, stepsSummary, windowName } from '../../scrape/words';

export const TRIAL_PAGES = 5;

interface KindWords {
  icon: IconName;
  tone: 'bad' | 'warn';
  /** In a row of the table. */
  short: string;
  /** With a number before it. */
  one: string;
  many: string;
  /** What it means, below the number. */
  meaning: string;
}

export const KINDS: Record<ProblemKind, KindWords> = {
  malformed: {
    icon: 'alert-circle',
    tone: 'bad',
    short: 'Not an address',
    one: 'not valid',
    many: 'not valid',
    meaning: 'Not a page address',
  },
  private: {
    icon: 'shield-alert',
    tone: 'bad',
    short: 'Private address',
    one: 'private',
    many: 'private',
    meaning: 'Out of reach',
  },
  label_too_long: {
    icon: 'tag',
    tone: 'bad',
    short: 'Label too long',
    one: 'long label',
    many: 'long labels',
    meaning: 'More than 255 characters',
  },
  wrong_option: {
    icon: 'sliders',
    tone: 'bad',
    short: 'Wrong option',
    one: 'wrong option',
    many: 'wrong options',
    meaning: 'Of the page’s own',
  },
  duplicate: {
    icon: 'copy',
    tone: 'warn',
    short: 'Duplicate',
    one: 'duplicate',
    many: 'duplicates',
    meaning: 'Same page and label',
  },
  refused: {
    icon: 'x-circle',
    tone: 'warn',
    short: 'Refused last time',
    one: 'refused',
    many: 'refused',
    meaning: 'Is sent again all the same',
  },
};

export function problemLabel(problem: PageProblem): string {
  if (problem.kind === 'duplicate') return `Same as row ${count(problem.same_as)}`;
  return KINDS[problem.kind].short;
}

export const COLUMN_NAMES: Record<PageColumn, string> = {
  address: 'Page address',
  label: 'Label',
  browser: 'Real browser',
  location: 'Location',
  language: 'Language',
  format: 'Result as',
  screenshot: 'Screenshot',
  window_size: 'Window size',
  retry_on_block: 'Try again if blocked',
};

/** In the order they are offered. */
export const COLUMNS = Object.keys(COLUMN_NAMES) as PageColumn[];

/** "Location: Norway, Real browser: yes". */
export function ownWords(own: OwnOption[]): string {
  return own.map(({ option, value }) => `${COLUMN_NAMES[option]}: ${value}`).join(', ');
}

/** The options for every page, in lines. */
export function optionLines(form: ScrapeForm, local: boolean): { name: string; value: string }[] {
  const lines = [
    { name: 'Page', value: pageSummary(form) },
    { name: 'Location', value: locationName(form.location, local) },
    { name: 'Extract', value: fieldNames(form) },
    { name: 'Steps', value: stepsSummary(form) },
    { name: 'If blocked', value: form.retry_on_block ? 'Try again' : 'Leave it' },
  ];
  const more = [
    form.record_network ? 'records what loads' : '',
    form.window_size === 'default' ? '' : windowName(form.window_size).toLowerCase(),
    form.language,
    form.method === 'get' ? '' : 'sends a form',
    form.headers.length > 0 ? plural(form.headers.length, 'header') : '',
    form.cookies.length > 0 ? plural(form.cookies.length, 'cookie') : '',
    form.block_resources.length + form.block_requests.length > 0 ? 'loads less' : '',
  ].filter(Boolean);
  if (more.length > 0) lines.push({ name: 'Also', value: more.join(', ') });
  return lines;
}

function fieldNames({ extract }: ScrapeForm): string {
  if (extract.length === 0) return 'Nothing';
  const names = extract.map(({ name }) => name.trim()).filter(Boolean);
  if (names.length > 3 || names.length === 0) return plural(extract.length, 'field');
  return names.join(', ');
}

/** "Free", "At most 2,430 credits". */
export function ceilingWords({ free, credits }: EstimateView): string {
  return free ? 'Free' : `At most ${plural(credits, 'credit')}`;
}

/** "486 × 5 credits", "480 × 1 and 6 × 5 credits". */
export function priceWords(estimate: EstimateView): string {
  if (estimate.free) return plural(estimate.pages, 'page');
  const { simple_pages: simple, browser_pages: browser } = estimate;
  if (simple === 0 && browser === 0) return 'None';
  const parts = [
    simple > 0 ? `${count(simple)} × ${count(estimate.simple_price)}` : '',
    browser > 0 ? `${count(browser)} × ${count(estimate.browser_price)}` : '',
  ].filter(Boolean);
  const last = browser > 0 ? estimate.browser_price : estimate.simple_price;
  return `${parts.join(' and ')} ${last === 1 ? 'credit' : 'credits'}`;
}

/** "9 to 14 minutes". */
export function timeWords({ low_seconds: low, high_seconds: high }: TimeView): string {
  const [unit, seconds] =
    high >= 5400 ? ['hour', 3600] : high >= 90 ? ['minute', 60] : ['second', 1];
  const from = Math.max(1, Math.round(low / seconds));
  const to = Math.max(from, Math.round(high / seconds));
  return from === to ? `About ${plural(to, unit)}` : `${count(from)} to ${plural(to, unit)}`;
}

/** What a trial costs at most; where pages have their own options, as if each were the dearest. */
export function trialCeiling(estimate: EstimateView): { pages: number; credits: number } {
  const pages = Math.min(TRIAL_PAGES, estimate.pages);
  const dear = Math.min(pages, estimate.browser_pages);
  const cheap = Math.min(pages - dear, estimate.simple_pages);
  return { pages, credits: dear * estimate.browser_price + cheap * estimate.simple_price };
}

/** What stands between a run and what the person has; empty when nothing does. */
export function overWords(estimate: SpendingView): string[] {
  const words: string[] = [];
  const most = plural(estimate.credits, 'credit');
  if (estimate.over_quota && estimate.left !== null) {
    words.push(
      `It can cost ${most}, and you have ${count(estimate.left)}. When they are used up, the service takes no more pages.`,
    );
  }
  if (estimate.over_budget && estimate.budget !== null) {
    words.push(
      `Your own budget is ${plural(estimate.budget, 'credit')} a month. ${count(estimate.spent)} of it are spent, and this can cost ${most} more.`,
    );
  }
  return words;
}
