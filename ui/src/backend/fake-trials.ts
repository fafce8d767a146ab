// "Try 5 first" of the fake backend: pages spread over the list, of which the second meets a captcha.

import { failure } from './fake-accounts';
import type { Reply } from './fake-collections';
import { blockedResult, sampleResult } from './fake-shop';
import type { RunsBackend } from './index';
import type { ResultView, ScrapeForm, TrialForm, TrialView } from './types';

/** What of a collection goes into a run. */
export interface ToRun {
  name: string;
  options: ScrapeForm;
  pages: { address: string; label: string; browser: boolean }[];
  /** The most it may cost. */
  credits: number;
}

interface Around {
  keep: (result: ResultView) => void;
  toRun: (collectionId: string) => ToRun;
}

const MS_A_PAGE = 300;
const BLOCKED = 1;

export function fakeTrials(
  reply: Reply,
  isLocal: () => boolean,
  { keep, toRun }: Around,
): Pick<RunsBackend, 'tryPages' | 'cancelTrial'> {
  const cancelled = new Set<string>();

  async function tryPages(
    form: TrialForm,
    onProgress: (view: TrialView) => void,
  ): Promise<TrialView> {
    const { pages, options } = toRun(form.collection_id);
    const chosen = spread(pages, form.pages);
    const view: TrialView = {
      pages: chosen.map(({ address, label }) => ({ address, label, result: null, error: null })),
      done: false,
      credits: 0,
      average_ms: 0,
      suggestion: null,
    };
    onProgress(structuredClone(view));
    for (const [at, { address, browser }] of chosen.entries()) {
      await new Promise((resolve) => setTimeout(resolve, MS_A_PAGE));
      await reply('try_pages', () => {
        if (cancelled.has(form.trial_id)) throw failure('cancelled');
        add(view, at, { ...options, address, browser });
      });
      onProgress(structuredClone(view));
    }
    return view;
  }

  function add(view: TrialView, at: number, form: ScrapeForm): void {
    const make = at === BLOCKED ? blockedResult : sampleResult;
    const result = make(crypto.randomUUID(), form, isLocal());
    keep(result);
    const page = view.pages[at];
    if (page) page.result = result;
    const results = view.pages.flatMap(({ result }) => (result ? [result] : []));
    const time = results.reduce((sum, { duration_ms }) => sum + duration_ms, 0);
    view.done = results.length === view.pages.length;
    view.credits = results.reduce((sum, { credits }) => sum + (credits ?? 0), 0);
    view.average_ms = Math.round(time / results.length);
    const { suggestion } = result;
    if (suggestion) {
      const { form, changes, cost } = suggestion;
      view.suggestion = { options: { ...form, address: '' }, changes, cost };
    }
  }

  return {
    tryPages,
    cancelTrial: (trialId) =>
      reply('cancel_trial', () => {
        cancelled.add(trialId);
        return !isLocal();
      }),
  };
}

/** First and last, and the others evenly between them. */
function spread<T>(all: T[], wanted: number): T[] {
  const last = all.length - 1;
  const steps = Math.max(wanted - 1, 1);
  const places = new Set(
    Array.from({ length: wanted }, (_, step) => Math.floor((step * last) / steps)),
  );
  return all.filter((_, place) => places.has(place));
}
