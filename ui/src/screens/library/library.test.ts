import { describe, expect, test } from 'vitest';

import type { LibraryRow, ResultView } from '../../backend';
import { kilobytes } from '../../library-sizes';
import { sinceOf } from '../../state/library-times';
import { differenceWords, pictureWords } from './difference-words';
import { cardByKey } from './grid-keys';
import { contents, fileIcon, partsOf } from './words';

const ROW: LibraryRow = {
  id: 'a',
  title: 'Tents',
  address: 'https://a.example/',
  site: 'a.example',
  verdict: 'success',
  created_at: 1,
  has_thumbnail: false,
  has_page: true,
  has_screenshot: false,
  has_markdown: false,
  file_type: '',
  data_rows: 0,
  data_fields: 0,
  size: 942 * 1024,
  tags: [],
};

test.each<[Partial<LibraryRow>, string]>([
  [{}, 'Page'],
  [{ data_rows: 24, data_fields: 2 }, '24 rows'],
  [{ data_rows: 1, data_fields: 4 }, '4 fields'],
  [{ data_rows: 1, data_fields: 1 }, '1 field'],
  [{ has_page: false, has_markdown: true }, 'Markdown'],
  [{ has_page: false, file_type: 'text/csv' }, '942 KB'],
  [{ verdict: 'blocked', data_rows: 3 }, 'Blocked'],
])('what a card says it holds: %j', (fields, words) => {
  expect(contents({ ...ROW, ...fields })).toBe(words);
});

test.each([
  ['application/pdf', 'file-text'],
  ['text/csv', 'file-table'],
  ['application/zip', 'file-zip'],
  ['image/png', 'file-image'],
])('a file of the kind %s has its sign', (file_type, icon) => {
  expect(fileIcon({ ...ROW, file_type })).toBe(icon);
});

test('the parts of a result are one sentence; Markdown made from the page is not told', () => {
  const view = (parts: string[]) =>
    ({ parts: parts.map((part) => ({ part })) }) as unknown as ResultView;
  const row = { ...ROW, data_rows: 24, data_fields: 2 };
  expect(partsOf(view(['page', 'markdown', 'screenshot', 'data']), row)).toBe(
    'Page, screenshot, 24 rows',
  );
  expect(partsOf(view(['markdown']), row)).toBe('Markdown');
  expect(partsOf(view([]), row)).toBe('Nothing');
});

describe('keys between cards', () => {
  const cards = { total: 11, columns: 3, rowsInView: 2 };
  test.each<[string, number | null, number | null]>([
    ['ArrowDown', null, 0],
    ['End', null, 10],
    ['x', null, null],
    ['ArrowRight', 2, 3],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 4, 7],
    // Nothing stands below it.
    ['ArrowDown', 8, 10],
    ['ArrowUp', 1, 1],
    ['ArrowUp', 7, 4],
    ['PageDown', 0, 3],
    ['PageUp', 4, 1],
    ['Home', 9, 0],
    ['End', 0, 10],
    ['a', 3, null],
  ])('%s from %s leads to %s', (key, from, to) => {
    expect(cardByKey(key, from, cards)).toBe(to);
  });

  test('without cards nothing moves', () => {
    expect(cardByKey('ArrowDown', null, { ...cards, total: 0 })).toBeNull();
  });
});

describe('stretches of time', () => {
  const now = new Date(2026, 10, 27, 15, 30);
  const at = (year: number, month: number, day: number) =>
    new Date(year, month, day).getTime() / 1000;
  test.each([
    ['any', 0, 0],
    ['today', at(2026, 10, 27), 0],
    ['week', at(2026, 10, 21), 0],
    ['month', at(2026, 9, 29), 0],
    ['year', at(2025, 10, 27), 0],
    ['older', 0, at(2025, 10, 27)],
  ] as const)('%s begins at midnight', (name, since, before) => {
    expect(sinceOf(name, now)).toEqual({ since, before });
  });
});

test.each([
  [0, 0, 'Nothing changed'],
  [1, 0, '1 line is new'],
  [0, 2, '2 lines are gone'],
  [1200, 1, '1,200 lines new, 1 gone'],
])('%i new and %i gone reads: %s', (added, removed, words) => {
  expect(differenceWords({ added, removed, rows: 1, changed_rows: 1 })).toBe(words);
});

test.each([
  [0, 'The screenshots are the same'],
  [1, 'Less than 1% of the picture changed'],
  [123, '12% of the picture changed'],
])('%i thousandths of a picture reads: %s', (changed, words) => {
  expect(pictureWords({ width: 1, height: 1, changed })).toBe(words);
});

test('sizes of the library are told in the largest unit that fits', () => {
  expect(kilobytes(80)).toBe('80 KB');
  expect(kilobytes(1_420_000)).toBe('1.4 GB');
});
