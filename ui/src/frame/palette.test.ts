import { expect, test } from 'vitest';

import { addressIn, type PaletteEntry, rank } from './palette';

function entry(
  label: string,
  group: PaletteEntry['group'] = 'Actions',
  found = false,
): PaletteEntry {
  return { id: label, group, label, icon: 'scan', found, run: () => undefined };
}

const labels = (entries: PaletteEntry[], query: string) =>
  rank(entries, query).map((match) => match.entry.label);

const marked = (label: string, query: string) =>
  rank([entry(label)], query)[0]
    ?.pieces.map(({ text, marked }) => (marked ? `[${text}]` : text))
    .join('');

test('without a query everything shows, in the order given', () => {
  expect(labels([entry('B'), entry('A')], '  ')).toEqual(['B', 'A']);
});

test('the start of a word comes before the middle, and both before scattered letters', () => {
  const entries = [entry('El precio sube'), entry('Sprint'), entry('Trade price list')];
  expect(labels(entries, 'pri')).toEqual(['Trade price list', 'Sprint', 'El precio sube']);
});

test('the group with the best match comes first and stays together', () => {
  const entries = [
    entry('Sprint', 'Places'),
    entry('Spring', 'Places'),
    entry('Price list', 'Recent results'),
  ];
  expect(labels(entries, 'pri')).toEqual(['Price list', 'Sprint', 'Spring']);
});

test('the matched letters are marked', () => {
  expect(marked('Trade price list', 'PRI')).toBe('Trade [pri]ce list');
  expect(marked('El precio del trigo', 'pri')).toBe('El [pr]ec[i]o del trigo');
});

test('letters too far apart are no match, and signs have no special meaning', () => {
  expect(labels([entry('a long way to the zoo')], 'az')).toEqual([]);
  expect(labels([entry('Settings (all)')], '(')).toEqual(['Settings (all)']);
  expect(labels([entry('Settings')], '.*')).toEqual([]);
});

test('what the library found shows even when its title does not match', () => {
  expect(labels([entry('Tents', 'Recent results', true)], 'sample.shop')).toEqual(['Tents']);
});

test.each([
  ['sample.shop/tents', true],
  ['https://shop.example/a?b=c', true],
  ['localhost.test:8080', true],
  ['tents', false],
  ['two words.example', false],
  ['', false],
])('%j is an address: %s', (text, is) => {
  expect(addressIn(text) !== null).toBe(is);
});
