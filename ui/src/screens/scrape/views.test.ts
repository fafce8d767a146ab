import { expect, it } from 'vitest';

import { looksNumeric } from './cells';
import { countries, countryName, findCountries } from '../../countries';
import { fileKind } from './files';
import { hitsByLine, piecesOf } from './marks';
import { firstProblem, groupOf, problemAt, problemsUnder } from './problems';
import { linkOf } from './saving';

it('marks hits across the colours of a line', () => {
  const spans = [
    { kind: 'tag' as const, text: '<p>' },
    { kind: 'text' as const, text: 'price' },
  ];
  const first = { line: 4, start: 1, length: 4 };
  const second = { line: 4, start: 6, length: 1 };
  const pieces = piecesOf(spans, [first, second], second);
  expect(pieces.map(({ text, hit, kind }) => `${kind}:${text}:${hit}`)).toEqual([
    'tag:<:none',
    'tag:p>:hit',
    'text:pr:hit',
    'text:i:none',
    'text:c:current',
    'text:e:none',
  ]);
  expect(hitsByLine([first, second]).get(4)).toEqual([first, second]);
});

it('finds the place of a problem', () => {
  const problems = [
    { field: 'steps.2.steps.0.selector', message: 'a' },
    { field: 'extract.1.name', message: 'b' },
    { field: 'address', message: 'c' },
  ];
  expect(firstProblem(problems)?.message, 'the address comes first').toBe('c');
  expect(groupOf('steps.2.selector')).toBe('steps');
  expect(groupOf('headers.0.name')).toBe('advanced');
  expect(groupOf('screenshot')).toBe('page');
  expect(groupOf('address')).toBeNull();
  expect(problemAt(problems, 'extract.1.name')).toBe('b');
  expect(problemsUnder(problems, 'steps.2'), 'also of an inner step').toHaveLength(1);
  expect(problemsUnder(problems, 'steps.20'), 'not of another row').toHaveLength(0);
});

it('knows the countries by name and code', () => {
  const all = countries();
  const codes = all.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['AR', 'DE', 'GB', 'US', 'ZA']));
  for (const old of ['DD', 'SU', 'UK', 'EU', 'ZZ']) expect(codes, old).not.toContain(old);
  expect(all.length).toBeGreaterThan(230);
  expect(findCountries(all, 'ger')[0]?.code).toBe('DE');
  expect(findCountries(all, 'de')[0]?.code, 'a code wins over a name').toBe('DE');
  expect(findCountries(all, 'cote')[0]?.code, 'accents do not matter').toBe('CI');
  expect(findCountries(all, 'deutschl')[0]?.code, 'its name there').toBe('DE');
  expect(findCountries(all, 'argentnia')[0]?.code, 'a slip').toBe('AR');
  expect(
    findCountries(all, 'per').map(({ code }) => code),
    'no slip in short words',
  ).not.toContain('NE');
  expect(findCountries(all, 'atlantis')).toEqual([]);
  expect(countryName('not a code'), 'never throws').toBe('not a code');
});

it('sees numbers and prices in a column', () => {
  const column = (...cells: (string | null)[]) =>
    cells.map((cell, at) => ({ number: at + 1, cells: [cell] }));
  expect(looksNumeric(column('€ 149.00', '€1.249,50', null), 0)).toBe(true);
  expect(looksNumeric(column('12', '-3', '45 %'), 0)).toBe(true);
  expect(looksNumeric(column('Tent 2', '3 people'), 0)).toBe(false);
  expect(looksNumeric(column(null), 0), 'nothing there').toBe(false);
});

it('takes only web addresses for links', () => {
  expect(linkOf('/tents/2', 'http://shop.example/a')).toBe('http://shop.example/tents/2');
  expect(linkOf('https://x.example/', 'http://shop.example')).toBe('https://x.example/');
  for (const no of ['javascript:alert(1)', 'file:///etc', '€ 12', '/ not', 'a/b'])
    expect(linkOf(no, 'http://shop.example'), no).toBeNull();
});

it('names files', () => {
  expect(fileKind('application/pdf').name).toBe('A PDF document');
  expect(fileKind('image/png; charset=x').picture).toBe(true);
  expect(fileKind('image/tiff').picture, 'not every window can draw it').toBe(false);
  expect(fileKind('application/zip').icon).toBe('file-zip');
});
