import { beforeEach, expect, test } from 'vitest';

import { remember, remembered } from './export-choices';

beforeEach(() => localStorage.clear());

test('an export is remembered, but for the pages that were chosen', () => {
  remember(localStorage, {
    which: 'chosen',
    format: 'zip',
    label_and_address: false,
    fields: true,
    failures: true,
    file_names: '{label}',
  });
  expect(remembered(localStorage)).toEqual({
    which: 'all',
    format: 'zip',
    label_and_address: false,
    fields: true,
    failures: true,
    file_names: '{label}',
  });
});

test('what cannot be read is as at first', () => {
  const first = remembered(localStorage);
  expect(first.format).toBe('xlsx');
  for (const kept of ['{', 'null', '7', '{"format":"exe","fields":"yes"}']) {
    localStorage.setItem('export-choices', kept);
    expect(remembered(localStorage), kept).toEqual(first);
  }
});
