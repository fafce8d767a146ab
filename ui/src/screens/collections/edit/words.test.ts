import { describe, expect, it } from 'vitest';

import { emptyForm } from '../../scrape/form';
import { estimate } from './sample';
import {
  ceilingWords,
  KINDS,
  optionLines,
  overWords,
  ownWords,
  priceWords,
  problemLabel,
  timeWords,
  trialCeiling,
} from './words';

describe('the price', () => {
  it('is a ceiling, or free', () => {
    expect(ceilingWords(estimate())).toBe('At most 2,430 credits');
    expect(ceilingWords(estimate({ credits: 1 }))).toBe('At most 1 credit');
    expect(ceilingWords(estimate({ free: true, credits: 0 }))).toBe('Free');
  });

  it('says how it is made up', () => {
    expect(priceWords(estimate())).toBe('486 × 5 credits');
    expect(priceWords(estimate({ simple_pages: 480, browser_pages: 6 }))).toBe(
      '480 × 1 and 6 × 5 credits',
    );
    expect(priceWords(estimate({ simple_pages: 3, browser_pages: 0 }))).toBe('3 × 1 credit');
    expect(priceWords(estimate({ free: true, pages: 1 }))).toBe('1 page');
  });

  it('of a trial is what it can cost at most, whichever pages are tried', () => {
    expect(trialCeiling(estimate())).toEqual({ pages: 5, credits: 25 });
    const simple = { pages: 3, simple_pages: 3, browser_pages: 0 };
    expect(trialCeiling(estimate(simple))).toEqual({ pages: 3, credits: 3 });
    const mixed = { pages: 100, simple_pages: 98, browser_pages: 2 };
    expect(trialCeiling(estimate(mixed))).toEqual({ pages: 5, credits: 13 });
    expect(trialCeiling(estimate({ pages: 0, browser_pages: 0 }))).toEqual({
      pages: 0,
      credits: 0,
    });
  });

  it('says what it crosses', () => {
    expect(overWords(estimate())).toEqual([]);
    const over = overWords(
      estimate({ over_quota: true, left: 100, over_budget: true, budget: 2000, spent: 500 }),
    );
    expect(over[0]).toContain('you have 100');
    expect(over[1]).toContain('2,000 credits a month. 500 of it are spent');
  });
});

it('says how long it takes in one unit', () => {
  const time = (low: number, high: number) =>
    timeWords({ low_seconds: low, high_seconds: high, from_runs: false });
  expect(time(540, 840)).toBe('9 to 14 minutes');
  expect(time(10, 40)).toBe('10 to 40 seconds');
  expect(time(3600, 7200)).toBe('1 to 2 hours');
  expect(time(55, 92)).toBe('1 to 2 minutes');
  expect(time(1, 1)).toBe('About 1 second');
});

it('names problems in a row', () => {
  const problem = (kind: keyof typeof KINDS, same_as = 0) =>
    problemLabel({ kind, words: '', same_as });
  expect(problem('duplicate', 1200)).toBe('Same as row 1,200');
  expect(problem('private')).toBe('Private address');
  expect(problem('refused')).toBe('Refused last time');
});

it('says the options in plain words', () => {
  const form = {
    ...emptyForm(),
    browser: true,
    location: 'DE',
    language: 'es-AR',
    extract: [
      { name: 'name', selector: 'h2', attribute: '', multiple: false },
      { name: 'price', selector: '.price', attribute: '', multiple: false },
    ],
  };
  const lines = Object.fromEntries(
    optionLines(form, false).map(({ name, value }) => [name, value]),
  );
  expect(lines).toMatchObject({
    Page: 'Real browser',
    Location: 'Germany',
    Extract: 'name, price',
    Steps: 'None',
    Also: 'es-AR',
  });
  const here = optionLines(emptyForm(), true).find(({ name }) => name === 'Location');
  expect(here?.value).toBe('Your own connection');
  expect(ownWords([{ option: 'browser', value: 'yes' }])).toBe('Real browser: yes');
});
