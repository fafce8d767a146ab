import { expect, test } from 'vitest';

import type { JobRow, RunSummary, RunView } from '../../backend';
import { failure } from '../../backend/fake-accounts';
import { stopQuestion, troubleOf } from './trouble';
import {
  about,
  commonHost,
  facts,
  finished,
  jobWords,
  funnelText,
  keptText,
  shownAddress,
} from './words';

const RUN: RunSummary = {
  id: 'r',
  number: 14,
  collection_id: 'c',
  collection_name: 'Autumn price check',
  account_name: 'Acme',
  local: false,
  state: 'running',
  submitted: 500,
  left_out: 6,
  refused: 3,
  duplicates: 5,
  queued: 486,
  success: 289,
  failed: 17,
  timed_out: 6,
  waiting: 174,
  ceiling: 2_430,
  credits: 1_480,
  refunded: 17,
  started_at: 1_000,
  ended_at: null,
};

function view(run: Partial<RunSummary> = {}, rest: Partial<RunView> = {}): RunView {
  return {
    run: { ...RUN, ...run },
    pages_per_minute: 42,
    seconds_left: 249,
    causes: [],
    trouble: null,
    ...rest,
  };
}

const factTexts = (of: RunView) =>
  facts(of).map(({ label, value, rest }) => `${label}: ${value} ${rest}`.trim());

test('a running run says how far it is, and what it cost so far', () => {
  expect(factTexts(view())).toEqual([
    'Done: 312 of 486',
    'Time left: About 4 min',
    'Speed: 42 pages a minute',
    'Credits so far: 1,480 of at most 2,430',
    'Credits returned: for 17 pages',
  ]);
});

test('nothing is guessed before there is something to go by', () => {
  const texts = factTexts(view({}, { pages_per_minute: null, seconds_left: null }));
  expect(texts).toContain('Time left: Not known yet');
  expect(texts.some((text) => text.startsWith('Speed'))).toBe(false);
});

test('an ended run says how long it took, and one on this computer that it was free', () => {
  const ended = view({ state: 'finished', ended_at: 1_694, refunded: 0 });
  expect(factTexts(ended)).toEqual([
    'Done: 312 of 486',
    'Took: 11 min 34 s',
    'Credits: 1,480 of at most 2,430',
  ]);
  const local = view({ local: true, ceiling: 0, credits: 0, refunded: 0 });
  expect(factTexts(local)).toContain('Credits: Free on this computer');
});

test('the time left is a round one', () => {
  expect(about(20)).toBe('Less than a minute');
  expect(about(249)).toBe('About 4 min');
  expect(about(3_600)).toBe('About 1 h');
  expect(about(4_800)).toBe('About 1 h 20 min');
});

test('what of the list went into the run adds up in words', () => {
  expect(funnelText(RUN)).toBe(
    'Of 500 pages in the list, 486 went into this run: 6 left out, 3 not taken by the service and 5 there twice.',
  );
  expect(funnelText({ ...RUN, left_out: 0, refused: 0, duplicates: 0 })).toBe('');
});

test('where the results are is true for each kind of run', () => {
  const text = (of: RunView) => {
    const { before, strong, after } = keptText(of);
    return before + strong + after;
  };
  expect(text(view())).toContain('keeps results for 24 h');
  expect(text(view({ local: true })), 'nothing of a service').not.toContain('service');
  const lost = {
    id: 'result_lost',
    words: '',
    advice: '',
    count: 2,
    timed_out: false,
    retry: null,
    stop_reason: '',
  };
  expect(text(view({ state: 'finished' }, { causes: [lost] }))).toMatch(/^2 results could not/);
  expect(text(view({ state: 'finished' }))).toBe('All results are saved on this computer.');
});

test('what became of a page that was not seen is not claimed', () => {
  const waiting = { outcome: 'waiting', words: 'Waiting' } as JobRow;
  expect(jobWords(waiting, RUN)).toBe('Waiting');
  expect(jobWords(waiting, { ...RUN, state: 'not_started' })).toBe('Not sent');
  expect(jobWords(waiting, { ...RUN, state: 'watching_stopped' })).toBe('Not known');
});

test('the end of a run is said in one sentence', () => {
  expect(finished({ ...RUN, state: 'finished' })).toBe(
    'Run 14 has finished: 289 success, 23 failed.',
  );
});

test('trouble that passes by itself asks for nothing', () => {
  const trouble = troubleOf(view({}, { trouble: failure('unreachable') }));
  expect(trouble?.ways).toEqual([]);
  expect(trouble?.text).toContain('goes on by itself');
});

test('a missing key asks for the key, then to go on', () => {
  const trouble = troubleOf(view({}, { trouble: failure('key_missing') }));
  expect(trouble?.ways).toEqual(['replace_key', 'go_on']);
});

test('a run that never started says that nothing was charged', () => {
  const trouble = troubleOf(view({ state: 'not_started' }, { trouble: failure('quota_used_up') }));
  expect(trouble?.text).toContain('Nothing was charged');
  expect(trouble?.ways).toEqual(['work_here']);
});

test('stopping to watch promises no stop', () => {
  expect(stopQuestion(view()).text).toMatch(/goes on with the 174 pages .* may charge/);
  expect(stopQuestion(view({ local: true })).text).not.toContain('charge');
});

test('the site is left out where all pages are of one', () => {
  const pages = ['https://a.example/x?y=1', 'https://a.example/z'];
  expect(commonHost(pages)).toBe('a.example');
  expect(commonHost([...pages, 'https://b.example/'])).toBe('');
  expect(shownAddress('https://a.example/x?y=1', 'a.example')).toBe('/x?y=1');
  expect(shownAddress('https://www.b.example/x', 'a.example')).toBe('b.example/x');
  expect(shownAddress('not an address', '')).toBe('not an address');
});
