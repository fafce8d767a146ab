// "Try 5 first" of the fake backend: the first page succeeds, the second meets a captcha, and so on.

import { failure } from './fake-accounts';
import type { Reply } from './fake-collections';
import { blockedResult, emptyForm, SAMPLE_ADDRESS, sampleResult } from './fake-shop';
import type { RunsBackend } from './index';
import type { ResultView, TrialForm, TrialView } from './types';

const MS_A_PAGE = 300;

export function fakeTrials(
  reply: Reply,
  isLocal: () => boolean,
  keep: (result: ResultView) => void,
): Pick<RunsBackend, 'tryPages' | 'cancelTrial'> {
  const cancelled = new Set<string>();

  async function tryPages(
    form: TrialForm,
    onProgress: (view: TrialView) => void,
  ): Promise<TrialView> {
    let view: TrialView = { pages: [], done: false, credits: 0, average_ms: 0, suggestion: null };
    for (let at = 0; at < form.pages; at += 1) {
      await new Promise((resolve) => setTimeout(resolve, MS_A_PAGE));
      view = await reply('try_pages', () => {
        if (cancelled.has(form.trial_id)) throw failure('cancelled');
        return withPage(view, at);
      });
      if (at + 1 < form.pages) onProgress(view);
    }
    view = { ...view, done: true };
    onProgress(view);
    return view;
  }

  function withPage(view: TrialView, at: number): TrialView {
    const address = `${SAMPLE_ADDRESS}/${at + 1}`;
    const make = at % 4 === 1 ? blockedResult : sampleResult;
    const result = make(crypto.randomUUID(), emptyForm(address), isLocal());
    keep(result);
    const page = { address, label: `TNT-${at + 1}`, result, error: null };
    return {
      ...view,
      pages: [...view.pages, page],
      credits: view.credits + (result.credits ?? 0),
      average_ms: 840,
      suggestion: result.suggestion
        ? {
            options: { ...result.suggestion.form, address: '' },
            changes: result.suggestion.changes,
            cost: result.suggestion.cost,
          }
        : view.suggestion,
    };
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
