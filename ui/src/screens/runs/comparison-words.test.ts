import { expect, test } from 'vitest';

import type { ComparisonRow, JobRow, RunSummary } from '../../backend';
import { changeText, chipsOf, inOrder, summaryText } from './comparison-words';

const COUNTS = {
  same: 430,
  verdict_changed: 20,
  data_changed: 32,
  only_before: 4,
  only_after: 6,
};
const JOB: JobRow = {
  id: '1',
  address: 'https://a.example/',
  label: '',
  outcome: 'success',
  words: 'Success',
  cause: '',
  duration_ms: 1,
  credits: 1,
  ended_at: 1,
  result_id: 'r',
};
const ROW: ComparisonRow = {
  address: JOB.address,
  label: '',
  before: JOB,
  after: JOB,
  values: [],
};

test('the counts add up', () => {
  const chips = chipsOf(COUNTS);
  const n = (filter: string) => chips.find((chip) => chip.filter === filter)?.n ?? 0;
  expect(n('changed')).toBe(n('verdict') + n('data') + n('only_one'));
  expect(n('all')).toBe(n('changed') + COUNTS.same);
  expect(summaryText(COUNTS)).toBe(
    'Of 492 pages: 430 are the same, 20 ended differently, 32 have other values, 4 are not there any more, 6 are new.',
  );
});

test('each kind of change has its words', () => {
  const values = [
    { name: 'price', before: '€ 1', after: '' },
    { name: 'stock', before: '', after: 'In stock' },
  ];
  expect(changeText({ ...ROW, values })).toBe('price: € 1 → empty and 1 more');
  expect(changeText({ ...ROW, before: null })).toBe('New in the later run');
  expect(changeText({ ...ROW, after: null })).toBe('Not in the later run');
  expect(changeText({ ...ROW, after: { ...JOB, outcome: 'failed' } })).toBe('Success → failed');
  const failed = { ...JOB, outcome: 'failed' as const };
  const other = { before: { ...failed, cause: 'captcha' }, after: { ...failed, cause: 'blocked' } };
  expect(changeText({ ...ROW, ...other })).toBe('Failed for another reason');
  expect(changeText(ROW)).toBe('The same');
});

test('the older run comes first, whichever was chosen first', () => {
  const run = (number: number, started_at: number) => ({ number, started_at }) as RunSummary;
  expect(inOrder(run(14, 200), run(13, 100))[0].number).toBe(13);
  expect(inOrder(run(13, 100), run(14, 100))[0].number).toBe(13);
});
