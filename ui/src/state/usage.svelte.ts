// What the usage screen shows: one month of the account in use. It outlives the screen, so that what was
// known shows at once while it is asked for anew.

import {
  backend,
  type AppError,
  type DaysProgress,
  type DaysView,
  type HoursView,
  type PlansView,
  type TrendView,
  type UsageView,
} from '../backend';
import { asAppError } from '../errors';
import { app } from './app.svelte';

class UsageState {
  /** `YYYY-MM`; empty: this month. */
  month = $state('');
  view = $state.raw<UsageView | null>(null);
  error = $state.raw<AppError | null>(null);
  loading = $state(false);
  days = $state.raw<DaysView | null>(null);
  daysError = $state.raw<AppError | null>(null);
  /** Days are asked for one by one. */
  daysProgress = $state.raw<DaysProgress | null>(null);
  trend = $state.raw<TrendView | null>(null);
  trendError = $state.raw<AppError | null>(null);
  plans = $state.raw<PlansView | null>(null);
  plansError = $state.raw<AppError | null>(null);
  /** `YYYY-MM-DD` whose hours show; empty: none. */
  day = $state('');
  hours = $state.raw<HoursView | null>(null);
  hoursError = $state.raw<AppError | null>(null);

  /** This month as the service counts; none before the first answer. */
  readonly thisMonth = $derived(this.view?.today.slice(0, 7) ?? '');

  #account = '';
  #asked = 0;
  #askedHours = 0;

  /** Asks anew for all that shows. The bill comes first: what stands beside it is of the same moment. */
  async load(): Promise<void> {
    const account = app.account?.id ?? '';
    if (account !== this.#account) this.#forget(account);
    const mine = ++this.#asked;
    const month = this.month;
    const isCurrent = () => mine === this.#asked;
    this.loading = true;
    this.error = null;
    try {
      const view = await backend.usage(month);
      if (!isCurrent()) return;
      this.view = view;
    } catch (cause) {
      if (!isCurrent()) return;
      this.view = null;
      this.days = null;
      this.error = asAppError(cause);
    }
    if (!this.error) {
      await Promise.all([
        this.#loadDays(month, isCurrent),
        this.#loadTrend(isCurrent),
        this.plans ? undefined : this.#loadPlans(isCurrent),
        this.day ? this.showHours(this.day) : undefined,
      ]);
    }
    if (!isCurrent()) return;
    this.loading = false;
    // Its credits and whether its key works may be known better now.
    void app.refreshAccounts().catch(() => undefined);
  }

  async choose(month: string): Promise<void> {
    this.month = month === this.thisMonth ? '' : month;
    this.closeHours();
    this.days = null;
    this.view = null;
    await this.load();
  }

  async showHours(day: string): Promise<void> {
    const mine = ++this.#askedHours;
    if (day !== this.day) this.hours = null;
    this.day = day;
    this.hoursError = null;
    try {
      const hours = await backend.usageHours(day);
      if (mine === this.#askedHours) this.hours = hours;
    } catch (cause) {
      if (mine === this.#askedHours) this.hoursError = asAppError(cause);
    }
  }

  closeHours(): void {
    this.#askedHours += 1;
    this.day = '';
    this.hours = null;
    this.hoursError = null;
  }

  async #loadDays(month: string, isCurrent: () => boolean): Promise<void> {
    this.daysProgress = null;
    try {
      const days = await backend.usageDays(month, (step) => {
        if (isCurrent()) this.daysProgress = step;
      });
      if (!isCurrent()) return;
      this.days = days;
      this.daysError = null;
    } catch (cause) {
      if (!isCurrent()) return;
      this.days = null;
      this.daysError = asAppError(cause);
    }
    this.daysProgress = null;
  }

  /** What is known by now shows. */
  stopDays(): void {
    void backend.stopUsageDays().catch(() => undefined);
  }

  async #loadTrend(isCurrent: () => boolean): Promise<void> {
    try {
      const trend = await backend.usageTrend();
      if (!isCurrent()) return;
      this.trend = trend;
      this.trendError = null;
    } catch (cause) {
      if (isCurrent()) this.trendError = asAppError(cause);
    }
  }

  async #loadPlans(isCurrent: () => boolean): Promise<void> {
    try {
      const plans = await backend.plans();
      if (!isCurrent()) return;
      this.plans = plans;
      this.plansError = null;
    } catch (cause) {
      if (isCurrent()) this.plansError = asAppError(cause);
    }
  }

  #forget(account: string): void {
    this.#account = account;
    this.month = '';
    this.view = null;
    this.days = null;
    this.trend = null;
    this.plans = null;
    this.plansError = null;
    this.daysError = null;
    this.trendError = null;
    this.closeHours();
  }
}

export const usage = new UsageState();
