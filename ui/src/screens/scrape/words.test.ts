import { describe, expect, it } from 'vitest';

import type { ScrapeProgress } from '../../backend';
import { emptyForm } from './form';
import { newField, newStep } from './steps';
import {
  advancedSummary,
  askedFor,
  blockSummary,
  cancelNote,
  costWords,
  formSummary,
  progressLine,
  shortAddress,
  tryAgainLabel,
  usualScale,
} from './words';

function full() {
  return {
    ...emptyForm('https://shop.example/tents'),
    browser: true,
    screenshot: true,
    location: 'any',
    steps: [newStep('click'), newStep('wait')],
    extract: [newField()],
  };
}

it('sums up the form beside the address', () => {
  expect(formSummary(full(), false)).toBe('Real browser, any country, 2 steps, 1 field');
  expect(formSummary({ ...full(), location: 'DE' }, false)).toContain('Germany');
  expect(formSummary(emptyForm(), false)).toBe('Simple page, no proxy');
  expect(formSummary(emptyForm(), true), 'no proxy to speak of here').toBe('Simple page');
  expect(formSummary({ ...emptyForm(), location: 'DE' }, true)).toContain('Germany');
});

it('sums up the advanced group', () => {
  expect(advancedSummary(emptyForm())).toBe('Default');
  expect(advancedSummary({ ...emptyForm(), retry_on_block: true })).toBe('Try again if blocked');
  const much = { ...full(), retry_on_block: true, record_network: true, language: 'es-AR' };
  expect(advancedSummary(much), 'three things are one and a number').toBe(
    'Try again if blocked and 2 more',
  );
});

it('says what is not loaded', () => {
  expect(blockSummary(emptyForm())).toBe('Nothing');
  expect(blockSummary({ ...emptyForm(), block_resources: ['font', 'media'] })).toBe(
    'Fonts, video and sound',
  );
  expect(blockSummary({ ...emptyForm(), block_resources: ['xhr', 'fetch'] })).toBe('Data');
});

it('lists what was asked for', () => {
  expect(askedFor(full(), false).map(({ text }) => text)).toEqual([
    'Real browser',
    'Any country',
    'Screenshot',
    '2 steps',
    '1 field',
  ]);
});

describe('while it runs', () => {
  const lines: [ScrapeProgress | null, string][] = [
    [null, 'Asking for the page'],
    [{ stage: 'waiting' }, 'Waiting for the page, in a real browser'],
    [{ stage: 'step', index: 2, total: 4 }, 'Doing step 2 of 4'],
    [{ stage: 'receiving', bytes: 2048 }, 'Receiving the page, 2 KB so far'],
    [{ stage: 'saving' }, 'Saving the result on this computer'],
  ];
  it.each(lines)('%o', (progress, line) => {
    expect(progressLine(progress, full())).toBe(line);
  });

  it('says honestly what a cancel costs', () => {
    expect(cancelNote({ credits: 5, free: false })).toContain('may still charge 5 credits');
    expect(cancelNote({ credits: 0, free: true })).toContain('nothing is charged');
  });

  it('sets the time against what is usual, and knows when it is late', () => {
    const usual = { low_ms: 6_000, high_ms: 14_000, count: 9 };
    const scale = usualScale(usual, 7_000);
    expect(scale.label).toBe('Usually 6–14 s here');
    expect(scale).toMatchObject({ end: 20_000, from: 30, width: 40, now: 35, late: false });
    expect(usualScale(usual, 14_001).late).toBe(true);
    expect(usualScale(usual, 90_000).now, 'never beyond the end').toBe(100);
  });
});

it('names the cost', () => {
  expect(costWords({ credits: 0, free: true })).toBe('Free');
  expect(costWords({ credits: 1, free: false })).toBe('1 credit');
});

it('names what the suggestion adds', () => {
  const before = emptyForm();
  expect(tryAgainLabel(before, { ...before, browser: true, location: 'any' })).toBe(
    'Try again with a real browser and a proxy',
  );
  expect(tryAgainLabel(before, { ...before, retry_on_block: true })).toBe('Try again this way');
});

it('shortens an address without changing where it leads', () => {
  expect(shortAddress('https://www.shop.example/tents/')).toBe('shop.example/tents');
  expect(shortAddress('http://shop.example/?q=1')).toBe('shop.example/?q=1');
});
