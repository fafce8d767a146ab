// What the usage screen says: of the plan, the pace, the person's own line and the two books.

import type { BudgetView, DaysView, LedgerReason, PlansView, UsageView } from '../../backend';
import { dayName, dayOf, monthName, monthsLater, percent } from '../../calendar';
import { count, plural } from '../../format';

/** Under the title. */
export function planWords(view: UsageView, plans: PlansView | null): string {
  if (view.local) {
    return 'Work on this computer is free. These are the credits that the same pages would cost at the service.';
  }
  const month = monthName(view.month);
  if (!view.current) return `${view.account_name}, ${month}, as the service counted it.`;
  const again = `Starts again on ${dayName(`${monthsLater(view.month, 1)}-01`)}.`;
  if (view.limit === null)
    return `${view.account_name}. The service does not say how many credits a month. ${again}`;
  const named = plans?.plans.find(({ yours }) => yours);
  const plan = named ? `${named.name} plan, ` : '';
  return `${plan}${plural(view.limit, 'credit')} a month. ${again}`;
}

export interface Line {
  tone: 'warn' | 'bad' | 'quiet';
  text: string;
}

/** The answer to “will it last?”, the most pressing first. */
export function lastingWords(view: UsageView): Line | null {
  if (view.local || !view.current) return null;
  if (view.left === 0) return { tone: 'bad', text: 'All credits of this month are used.' };
  const { budget, forecast } = view;
  if (budget?.state === 'over') return { tone: 'bad', text: budgetWords(budget) };
  if (forecast?.runs_out) {
    return {
      tone: 'warn',
      text: `At this pace, credits run out around ${dayName(forecast.runs_out)}.`,
    };
  }
  if (budget?.state === 'near') return { tone: 'warn', text: budgetWords(budget) };
  if (!forecast) {
    return { tone: 'quiet', text: 'The month has just begun: it is too early for a forecast.' };
  }
  if (view.left === null) {
    return {
      tone: 'quiet',
      text: `At this pace, about ${plural(forecast.credits, 'credit')} by the end of the month.`,
    };
  }
  const over = Math.max(0, view.left + view.bill.credits - forecast.credits);
  return {
    tone: 'quiet',
    text: `At this pace, about ${plural(over, 'credit')} will be left at the end of the month.`,
  };
}

export function budgetWords({ budget, spent, state }: BudgetView): string {
  const line = `your budget of ${plural(budget, 'credit')}`;
  const by = `This app has spent ${count(spent)} this month`;
  if (state === 'over') return `${by}: more than ${line}.`;
  if (state === 'near') return `${by}: most of ${line}.`;
  return `${by} of ${line}.`;
}

export interface Tile {
  label: string;
  value: string;
  /** Percent of the bar; null: none. */
  share: number | null;
  tone: 'main' | 'good' | 'warn' | 'parts';
  foot: string;
  warn?: boolean;
}

export function tiles(view: UsageView): Tile[] {
  const { bill } = view;
  return [usedTile(view), successTile(bill), browserTile(bill), aheadTile(view)];
}

function usedTile({ bill, left, limit, local, current }: UsageView): Tile {
  let foot = local ? 'Nothing to pay on this computer' : 'Of a plan that is not stated';
  if (!current) foot = bill.worked_out ? 'Worked out from pages' : 'As billed';
  if (left !== null) {
    foot = limit ? `${count(left)} of ${count(limit)} left` : `${plural(left, 'credit')} left`;
  }
  const share = limit && left !== null ? part(limit - left, limit) : null;
  return { label: 'Credits used', value: count(bill.credits), share, tone: 'main', foot };
}

function successTile({ success, pages }: UsageView['bill']): Tile {
  return {
    label: 'Success rate',
    value: percent(success, pages),
    share: part(success, pages),
    tone: 'good',
    foot: pages > 0 ? `${count(success)} of ${plural(pages, 'page')}` : 'No pages yet',
  };
}

function browserTile({ browser_credits, credits }: UsageView['bill']): Tile {
  return {
    label: 'Real browser share',
    value: percent(browser_credits, credits),
    share: part(browser_credits, credits),
    tone: 'parts',
    foot:
      credits > 0 ? `${count(browser_credits)} of ${plural(credits, 'credit')}` : 'No credits yet',
  };
}

function aheadTile({ bill, month, length, current, forecast, limit, local }: UsageView): Tile {
  if (!current) {
    const average = Math.round(bill.credits / length);
    return {
      label: 'Average a day',
      value: count(average),
      share: null,
      tone: 'main',
      foot: `Over ${plural(length, 'day')}`,
    };
  }
  const label = `Forecast for ${dayName(dayOf(month, length))}`;
  if (!forecast) return { label, value: '–', share: null, tone: 'main', foot: 'Too early to tell' };
  const plain = { label, value: count(forecast.credits) };
  if (!limit || local) {
    const pace = forecast.pace === 0 ? 'Less than 1' : count(forecast.pace);
    return { ...plain, share: null, tone: 'main', foot: `${pace} a day so far` };
  }
  const over = forecast.credits - limit;
  return over > 0
    ? { ...plain, share: 100, tone: 'warn', foot: `${count(over)} over your plan`, warn: true }
    : { ...plain, share: part(forecast.credits, limit), tone: 'main', foot: 'Within your plan' };
}

function part(some: number, all: number): number | null {
  return all > 0 ? Math.min(100, (some / all) * 100) : null;
}

/** What must be known to read the days; empty when they are the bill's. */
export function daysNotes(days: DaysView): string[] {
  const notes = [];
  if (days.missing > 0) {
    notes.push(`${plural(days.missing, 'day')} could not be asked about and are missing here.`);
  }
  if (days.worked_out) {
    notes.push('The service tells pages of a day, not credits: these are pages times their price.');
  }
  const off = days.total - days.billed;
  if (off > 0) {
    const why = days.worked_out
      ? 'failed pages are not charged'
      : 'the service went on counting between the two answers';
    notes.push(`Together ${count(off)} more than the bill of ${count(days.billed)}: ${why}.`);
  }
  if (off < 0 && days.missing === 0) {
    notes.push(
      `Together ${count(-off)} less than the bill of ${count(days.billed)}: the service has not put all of them to a day yet.`,
    );
  }
  return notes;
}

export function reasonWords(reason: LedgerReason): string {
  switch (reason.reason) {
    case 'unconfirmed':
      return `${plural(reason.calls, 'call')} ended without the service saying what ${reason.calls === 1 ? 'it' : 'they'} cost: at most ${plural(reason.credits_at_most, 'credit')}.`;
    case 'elsewhere':
      return `${amounts(reason)} more at the service: the account is also used elsewhere, by another program, another computer or before this app was here.`;
    case 'behind':
      return `${amounts(reason)} less at the service: it has not counted all yet, does not count pages it could not try, or gave credits back.`;
  }
}

function amounts({ pages, credits }: { pages: number; credits: number }): string {
  const parts = [
    ...(pages > 0 ? [plural(pages, 'page')] : []),
    ...(credits > 0 ? [plural(credits, 'credit')] : []),
  ];
  return parts.join(' and ');
}
