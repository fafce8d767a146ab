/** The form, the running scrape and the result, said in plain words. */
import type {
  BudgetView,
  CostView,
  FormCheck,
  ResultView,
  ScrapeForm,
  ScrapeProgress,
  UsualView,
} from '../../backend';
import { bytes, count, duration, plural, when } from '../../format';
import type { IconName } from '../../icons';
import { countryName } from '../../countries';
import type { Question } from '../../state/confirm.svelte';

export interface Chip {
  icon: IconName;
  text: string;
}

/** "Real browser, any country, 4 steps, 4 fields". */
export function formSummary(form: ScrapeForm, local: boolean): string {
  const parts = [form.browser ? 'real browser' : 'simple page'];
  if (!local || form.location !== '') parts.push(lowerFirst(locationName(form.location, local)));
  if (form.steps.length > 0) parts.push(plural(form.steps.length, 'step'));
  if (form.extract.length > 0) parts.push(plural(form.extract.length, 'field'));
  return upperFirst(parts.join(', '));
}

/** What was asked for, while it runs. */
export function askedFor(form: ScrapeForm, local: boolean): Chip[] {
  const chips: Chip[] = [
    form.browser
      ? { icon: 'monitor', text: 'Real browser' }
      : { icon: 'file', text: 'Simple page' },
  ];
  if (form.location !== '') chips.push({ icon: 'globe', text: locationName(form.location, local) });
  if (form.screenshot) chips.push({ icon: 'camera', text: 'Screenshot' });
  if (form.steps.length > 0)
    chips.push({ icon: 'list-ordered', text: plural(form.steps.length, 'step') });
  if (form.extract.length > 0)
    chips.push({ icon: 'table', text: plural(form.extract.length, 'field') });
  if (form.record_network) chips.push({ icon: 'network', text: 'What the page loads' });
  return chips;
}

export function locationName(location: string, local: boolean): string {
  if (location === '') return local ? 'Your own connection' : 'No proxy';
  if (location.toLowerCase() === 'any') return local ? 'Your proxies in turn' : 'Any country';
  return countryName(location.toUpperCase());
}

export function pageSummary(form: ScrapeForm): string {
  return [
    form.browser ? 'Real browser' : 'Simple page',
    form.screenshot ? 'screenshot' : '',
    form.format === 'markdown' ? 'Markdown' : '',
  ]
    .filter(Boolean)
    .join(', ');
}

export function extractSummary(form: ScrapeForm): string {
  return form.extract.length === 0 ? 'None' : plural(form.extract.length, 'field');
}

export function stepsSummary(form: ScrapeForm): string {
  return form.steps.length === 0 ? 'None' : plural(form.steps.length, 'step');
}

export function advancedSummary(form: ScrapeForm): string {
  const parts = [
    form.retry_on_block ? 'Try again if blocked' : '',
    form.record_network ? 'Record what loads' : '',
    form.window_size === 'default' ? '' : windowName(form.window_size),
    form.language,
    form.method === 'post_form' ? 'Send a form' : '',
    form.method === 'post_json' ? 'Send JSON' : '',
    form.headers.length > 0 ? plural(form.headers.length, 'header') : '',
    form.cookies.length > 0 ? plural(form.cookies.length, 'cookie') : '',
    form.block_resources.length + form.block_requests.length > 0 ? 'Loads less' : '',
  ].filter(Boolean);
  if (parts.length === 0) return 'Default';
  return parts.length > 2 ? `${parts[0]} and ${parts.length - 1} more` : parts.join(', ');
}

export function windowName(size: ScrapeForm['window_size']): string {
  switch (size) {
    case 'default':
      return 'As the service decides';
    case 'desktop':
      return 'Desktop';
    case 'mobile':
      return 'Phone';
    case 'any':
      return 'Any';
  }
}

/** Kinds of content that need not be loaded, in the person's words. */
export const CONTENT_KINDS: { kinds: string[]; label: string }[] = [
  { kinds: ['image'], label: 'Images' },
  { kinds: ['stylesheet'], label: 'Styles' },
  { kinds: ['font'], label: 'Fonts' },
  { kinds: ['media'], label: 'Video and sound' },
  { kinds: ['script'], label: 'Scripts' },
  { kinds: ['xhr', 'fetch'], label: 'Data' },
];

export function blockSummary(form: ScrapeForm): string {
  const skipped = CONTENT_KINDS.filter(({ kinds }) =>
    kinds.some((kind) => form.block_resources.includes(kind)),
  ).map(({ label }) => label);
  const parts = form.block_requests.filter((part) => part.trim() !== '').length;
  if (parts > 0) skipped.push(plural(parts, 'address part'));
  if (skipped.length === 0) return 'Nothing';
  return skipped.length > 2
    ? `${skipped.length} kinds`
    : upperFirst(skipped.map(lowerFirst).join(', '));
}

/** "Free", "1 credit", "5 credits". */
export function costWords(cost: CostView): string {
  return cost.free ? 'Free' : plural(cost.credits, 'credit');
}

/** What must be known of the person's own line before a page; empty: nothing. */
export function budgetHint(budget: BudgetView | null): string {
  if (!budget || budget.state === 'within') return '';
  const line = `your budget of ${plural(budget.budget, 'credit')} a month`;
  return budget.state === 'over'
    ? `This crosses ${line}: ${count(budget.spent)} are spent`
    : `Close to ${line}: ${count(budget.spent)} are spent`;
}

/** Asked before a page that crosses it; null: nothing to ask. */
export function budgetQuestion({ budget, cost }: FormCheck): Question | null {
  if (budget?.state !== 'over') return null;
  return {
    title: 'This page can cross your budget',
    text: `Your own budget is ${plural(budget.budget, 'credit')} a month. ${count(budget.spent)} of it are spent, and this page can cost ${plural(cost.credits, 'credit')} more.`,
    keep: 'Do not scrape',
    act: 'Scrape all the same',
    danger: true,
  };
}

export function costHint(cost: CostView, browser: boolean): string {
  if (cost.free) return 'Work on this computer costs nothing';
  return `${browser ? 'A page in a real browser' : 'A simple page'} costs ${plural(cost.credits, 'credit')}`;
}

/** One honest line about what is happening now. */
export function progressLine(progress: ScrapeProgress | null, form: ScrapeForm): string {
  const how = form.browser ? ', in a real browser' : '';
  switch (progress?.stage) {
    case undefined:
    case 'sending':
      return 'Asking for the page';
    case 'waiting':
      return `Waiting for the page${how}`;
    case 'fetching':
      return 'Fetching the page';
    case 'starting_browser':
      return 'Starting the browser';
    case 'opening':
      return 'Opening the page in the browser';
    case 'step':
      return `Doing step ${progress.index} of ${progress.total}`;
    case 'screenshot':
      return 'Taking the screenshot';
    case 'collecting':
      return 'Reading the data';
    case 'receiving':
      return `Receiving the page, ${bytes(progress.bytes)} so far`;
    case 'saving':
      return 'Saving the result on this computer';
  }
}

export function cancelNote(cost: CostView | null): string {
  const keep = 'You can keep working. The result is kept on this computer when it arrives.';
  if (!cost || cost.free) return `${keep} If you cancel now, nothing is charged.`;
  return `${keep} If you cancel now, the service may still charge ${plural(cost.credits, 'credit')}.`;
}

/** "Scraped" and "in 6.2 s · 5 credits · 412 KB", apart, so that the verdict can have its colour. */
export function verdictLine(result: ResultView): { verdict: string; rest: string } {
  const good = result.verdict === 'success';
  const parts = [`${good ? 'in' : 'after'} ${duration(result.duration_ms)}`];
  if (result.local) parts.push('free');
  else if (result.credits !== null) parts.push(plural(result.credits, 'credit'));
  if (good) parts.push(bytes(result.size));
  else parts.push(when(result.created_at));
  return { verdict: good ? 'Scraped' : 'Not collected', rest: parts.join(' · ') };
}

export interface UsualScale {
  /** Right end of the bar, ms. */
  end: number;
  /** Percentages. */
  from: number;
  width: number;
  now: number;
  label: string;
  late: boolean;
}

/** The bar of elapsed time against what is usual here. */
export function usualScale(usual: UsualView, elapsedMs: number): UsualScale {
  const end = roundUp(Math.max(usual.high_ms * 1.4, 2_000));
  const low = Math.max(1, Math.round(usual.low_ms / 1000));
  const high = Math.max(low, Math.round(usual.high_ms / 1000));
  return {
    end,
    from: (usual.low_ms / end) * 100,
    width: Math.max(((usual.high_ms - usual.low_ms) / end) * 100, 2),
    now: Math.min((elapsedMs / end) * 100, 100),
    label: low === high ? `Usually about ${high} s here` : `Usually ${low}–${high} s here`,
    late: elapsedMs > usual.high_ms,
  };
}

/** Without the scheme, which says nothing to a person. */
export function shortAddress(address: string): string {
  return address.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '');
}

function roundUp(ms: number): number {
  const step = ms > 60_000 ? 30_000 : ms > 20_000 ? 10_000 : ms > 5_000 ? 5_000 : 1_000;
  return Math.ceil(ms / step) * step;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  // A country's name keeps its capital; "Any country" and "No proxy" don't.
  return /^(Any|No|Images|Styles|Fonts|Video|Scripts|Data)\b/.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}

/** "Try again with a real browser and a proxy", from what would change. */
export function tryAgainLabel(before: ScrapeForm, after: ScrapeForm): string {
  const gains: string[] = [];
  if (after.browser && !before.browser) gains.push('a real browser');
  if (after.location !== '' && after.location !== before.location) gains.push('a proxy');
  return gains.length === 0 ? 'Try again this way' : `Try again with ${gains.join(' and ')}`;
}
