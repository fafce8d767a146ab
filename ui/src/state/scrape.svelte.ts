// The scrape screen's memory: the form, what runs, and what came back. It outlives the screen, so
// that a scrape goes on while the person looks at something else.

import { SvelteSet } from 'svelte/reactivity';

import {
  backend,
  type AppError,
  type FieldProblem,
  type FormCheck,
  type ResultView,
  type ScrapeForm,
  type ScrapeProgress,
  type UsualView,
} from '../backend';
import { asAppError } from '../errors';
import { sendable } from '../screens/scrape/form';
import { groupOf } from '../screens/scrape/problems';
import { budgetQuestion, verdictLine } from '../screens/scrape/words';
import { app } from './app.svelte';
import { confirm } from './confirm.svelte';
import { OptionsForm } from './options-form.svelte';
import { toasts } from './toasts.svelte';

const CHECK_AFTER_MS = 150;
const SAVE_AFTER_MS = 400;
const TICK_MS = 250;

export type ResultTab =
  'preview' | 'screenshot' | 'data' | 'source' | 'markdown' | 'network' | 'details';

export interface RunningScrape {
  id: string;
  form: ScrapeForm;
  local: boolean;
  startedAt: number;
  progress: ScrapeProgress | null;
  usual: UsualView | null;
}

class ScrapeState extends OptionsForm {
  check = $state.raw<FormCheck | null>(null);
  running = $state<RunningScrape | null>(null);
  elapsedMs = $state(0);
  result = $state.raw<ResultView | null>(null);
  error = $state.raw<AppError | null>(null);
  tab = $state<ResultTab>('preview');
  /** Results whose preview may load outside content, until the app quits. */
  readonly external = new SvelteSet<string>();
  /** Whole seconds until a rate-limited scrape goes on by itself; none while nothing waits. */
  goesOnIn = $state<number | null>(null);

  #loaded = false;
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #checks = 0;
  #wentOn = false;
  /** Between the press and the sending: a second press must not send twice. */
  #submitting = false;

  /** Once, with what the window knows from its start. */
  load(draft: ScrapeForm): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.form = structuredClone(draft);
    this.groups.steps = draft.steps.length > 0;
  }

  /** After each change of the form: price and problems soon, the draft a little later. */
  changed(form: ScrapeForm): void {
    clearTimeout(this.#checkTimer);
    clearTimeout(this.#saveTimer);
    this.#checkTimer = setTimeout(() => void this.checkNow(sendable(form)), CHECK_AFTER_MS);
    this.#saveTimer = setTimeout(() => void this.#save(form), SAVE_AFTER_MS);
  }

  async checkNow(form: ScrapeForm): Promise<FormCheck | null> {
    const mine = ++this.#checks;
    try {
      const check = await backend.checkScrape(form);
      if (mine !== this.#checks) return check;
      this.check = check;
      this.found(check.problems);
      return check;
    } catch (cause) {
      // The price is unknown then; sending the form says what is wrong.
      if (mine === this.#checks) {
        this.check = null;
        this.found([]);
      }
      this.announcement = asAppError(cause).message;
      return null;
    }
  }

  /** `agreed`: it goes on by itself with what the person has already agreed to. */
  async submit(agreed = false): Promise<void> {
    if (this.running || this.#submitting) return;
    this.stopWaiting();
    const form = sendable($state.snapshot(this.form));
    clearTimeout(this.#checkTimer);
    this.#submitting = true;
    const check = await this.checkNow(form);
    this.#submitting = false;
    if (check && check.problems.length > 0) {
      this.reveal(check.problems);
      return;
    }
    if (form.address.trim() === '') {
      this.reveal([{ field: 'address', message: 'Type or paste a page address first.' }]);
      return;
    }
    const question = agreed || !check ? null : budgetQuestion(check);
    if (question) {
      this.#submitting = true;
      const sure = await confirm.ask(question);
      this.#submitting = false;
      if (!sure) return;
    }
    await this.#send(form, check?.usual ?? null);
  }

  async trySuggestion(): Promise<void> {
    const suggestion = this.result?.suggestion;
    if (!suggestion || this.running) return;
    this.form = structuredClone(suggestion.form);
    await this.submit();
  }

  async cancel(): Promise<void> {
    if (this.goesOnIn !== null) {
      this.stopWaiting();
      this.announcement = 'Stopped. Nothing more is sent.';
      return;
    }
    const running = this.running;
    if (!running) return;
    this.#stopClock();
    this.running = null;
    try {
      const mayCharge = await backend.cancelScrape(running.id);
      const text = mayCharge
        ? 'Cancelled. The service may still charge for this page.'
        : 'Cancelled. Nothing was charged.';
      this.announcement = text;
      toasts.show({ text, tone: 'plain' });
    } catch (cause) {
      this.#fail(asAppError(cause));
    }
  }

  /** The rate-limited scrape will not go on by itself any more. */
  stopWaiting(): void {
    if (this.goesOnIn === null) return;
    this.goesOnIn = null;
    this.#stopClock();
  }

  async show(id: string): Promise<void> {
    try {
      this.#present(await backend.result(id));
      this.error = null;
    } catch (cause) {
      this.#fail(asAppError(cause));
    }
  }

  /** An empty screen again; the form's options stay. */
  startOver(address = ''): void {
    this.form.address = address;
    this.result = null;
    this.error = null;
    this.rowsMoved();
    this.wanted = 'address';
  }

  /** Another form, as it was; nothing is sent. */
  fill(form: ScrapeForm): void {
    this.form = structuredClone(form);
    this.groups.steps = form.steps.length > 0;
    this.result = null;
    this.error = null;
    this.forgetProblems();
    this.rowsMoved();
    this.wanted = 'address';
    this.announcement = 'The page and its options are filled in. Nothing was sent.';
  }

  /** The options of another form; the address that was typed stays. */
  useOptions(options: ScrapeForm): void {
    this.form = { ...structuredClone(options), address: this.form.address };
    this.groups.steps = options.steps.length > 0;
    this.forgetProblems();
    this.rowsMoved();
  }

  async #send(form: ScrapeForm, usual: UsualView | null): Promise<void> {
    const id = crypto.randomUUID();
    this.error = null;
    this.forgetProblems();
    this.running = {
      id,
      form,
      local: app.local,
      startedAt: performance.now(),
      progress: null,
      usual,
    };
    this.elapsedMs = 0;
    this.announcement = 'Scraping started.';
    this.#ticker = setInterval(() => {
      if (this.running) this.elapsedMs = performance.now() - this.running.startedAt;
    }, TICK_MS);
    try {
      const result = await backend.scrape(id, form, (progress) => {
        if (this.running?.id === id) this.running.progress = progress;
      });
      if (this.running?.id !== id) return;
      this.#finish();
      this.#wentOn = false;
      this.#present(result);
    } catch (cause) {
      if (this.running?.id !== id) return;
      this.#finish();
      await this.#answerError(asAppError(cause));
    }
    void app.refreshAccounts().catch(() => undefined);
  }

  #present(result: ResultView): void {
    this.result = result;
    const { verdict, rest } = verdictLine(result);
    this.announcement =
      result.verdict === 'success'
        ? `${verdict} ${rest}. ${result.title}`
        : `${verdict}. ${result.headline}`;
    app.unreachable = false;
  }

  async #answerError(error: AppError): Promise<void> {
    if (error.code === 'cancelled') return;
    if (error.code === 'invalid_form' && error.problems.length > 0) {
      this.reveal(error.problems);
      return;
    }
    if (error.code === 'rate_limited' && error.retry_after !== null && !this.#wentOn) {
      this.error = error;
      this.#countDown(error.retry_after);
      return;
    }
    this.#wentOn = false;
    if (error.result_id) {
      await this.show(error.result_id);
      if (this.result?.id === error.result_id) return;
    }
    this.#fail(error);
  }

  #fail(error: AppError): void {
    this.error = error;
    this.announcement = error.message;
    app.unreachable = error.code === 'unreachable';
  }

  /** Waits as long as the service asks and goes on once by itself. */
  #countDown(seconds: number): void {
    const until = performance.now() + seconds * 1000;
    this.goesOnIn = seconds;
    this.announcement = `A little too fast. Going on in ${seconds} seconds.`;
    this.#ticker = setInterval(() => {
      const left = Math.ceil((until - performance.now()) / 1000);
      if (left > 0) {
        this.goesOnIn = left;
        return;
      }
      this.#wentOn = true;
      this.stopWaiting();
      void this.submit(true);
    }, TICK_MS);
  }

  protected override reveal(problems: FieldProblem[]): void {
    super.reveal(problems);
    const inOptions = groupOf(this.wanted) !== null;
    if (inOptions && app.settings && !app.settings.options_open) {
      void app.changeSettings({ options_open: true }).catch(() => undefined);
    }
  }

  #finish(): void {
    this.#stopClock();
    this.running = null;
  }

  #stopClock(): void {
    clearInterval(this.#ticker);
  }

  async #save(form: ScrapeForm): Promise<void> {
    try {
      await backend.saveDraft(form);
    } catch (cause) {
      toasts.show({
        text: 'What you typed could not be kept for next time.',
        detail: asAppError(cause).message,
        tone: 'bad',
      });
    }
  }
}

export const scrape = new ScrapeState();
