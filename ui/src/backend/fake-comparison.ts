// Two fake runs, page by page.

import { type FakeRun, jobsOf, priceOf } from './fake-run-jobs';
import type { ComparisonFilter, ComparisonPage, ComparisonQuery, ComparisonRow } from './types';

type Change = 'same' | 'verdict' | 'data' | 'only_before' | 'only_after';

interface Compared {
  change: Change;
  row: ComparisonRow;
}

export function compared(before: FakeRun, after: FakeRun, query: ComparisonQuery): ComparisonPage {
  const all = pairs(before, after);
  const rows = all.filter(({ change }) => passes(change, query.filter));
  const many = (wanted: Change) => all.filter(({ change }) => change === wanted).length;
  return {
    rows: rows.slice(query.offset, query.offset + query.limit).map(({ row }) => row),
    found: rows.length,
    same: many('same'),
    verdict_changed: many('verdict'),
    data_changed: many('data'),
    only_before: many('only_before'),
    only_after: many('only_after'),
  };
}

function pairs(before: FakeRun, after: FakeRun): Compared[] {
  const earlier = new Map(jobsOf(before).map((job, place) => [job.address, { job, place }]));
  const list = jobsOf(after).map((job, place): Compared => {
    const old = earlier.get(job.address);
    earlier.delete(job.address);
    const row = { address: job.address, label: job.label, after: job };
    if (!old) return { change: 'only_after', row: { ...row, before: null, values: [] } };
    const both = { ...row, before: old.job };
    if (old.job.outcome !== job.outcome || old.job.cause !== job.cause) {
      return { change: 'verdict', row: { ...both, values: [] } };
    }
    const prices = { before: priceOf(before, old.place), after: priceOf(after, place) };
    if (job.outcome !== 'success' || prices.before === prices.after) {
      return { change: 'same', row: { ...both, values: [] } };
    }
    const values = [{ name: 'price', ...prices }];
    if (place % 2 === 0) values.push({ name: 'stock', before: 'In stock', after: '' });
    return { change: 'data', row: { ...both, values } };
  });
  for (const { job } of earlier.values()) {
    const row = { address: job.address, label: job.label, before: job, after: null, values: [] };
    list.push({ change: 'only_before', row });
  }
  return list;
}

function passes(change: Change, filter: ComparisonFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'changed':
      return change !== 'same';
    case 'verdict':
    case 'data':
      return change === filter;
    case 'only_one':
      return change === 'only_before' || change === 'only_after';
  }
}
