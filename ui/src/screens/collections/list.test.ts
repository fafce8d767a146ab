import { describe, expect, test } from 'vitest';

import type { CollectionRow, LastRunView } from '../../backend';
import { sparkBars, sparkWords } from './spark';
import { madeWords, whenWords } from './words';

const NOW = new Date(2026, 9, 16, 14, 30);
const seconds = (date: Date) => date.getTime() / 1000;

const RUN: LastRunView = {
  id: 'r',
  number: 3,
  account_name: 'Acme',
  local: false,
  state: 'finished',
  running: false,
  total: 1240,
  success: 1217,
  failed: 15,
  timed_out: 8,
  started_at: seconds(new Date(2026, 9, 16, 6, 0)),
  ended_at: seconds(new Date(2026, 9, 16, 6, 10)),
};

describe('the bars of the last runs', () => {
  test('run from 60 to 100 percent, the newest at the right', () => {
    const bars = sparkBars([100, 90, 81]);
    expect(bars.map(({ x }) => x)).toEqual([60, 72, 84]);
    expect(bars.map(({ height }) => height)).toEqual([20, 15, 11]);
    expect(bars.every(({ y, height }) => y + height === 22)).toBe(true);
  });

  test('eight fill the whole width', () => {
    expect(sparkBars(Array.from({ length: 8 }, () => 95))[0]?.x).toBe(0);
  });

  test('are marked below 90, and below 50; something always shows', () => {
    const bars = sparkBars([90, 89, 50, 49, 0]);
    expect(bars.map(({ look }) => look)).toEqual(['', 'lo', 'lo', 'none', 'none']);
    expect(bars.map(({ height }) => height).slice(2)).toEqual([2, 2, 2]);
  });

  test('have words', () => {
    expect(sparkWords([98, 96, 0])).toBe('Success of the last 3 runs: 98, 96, 0 percent');
    expect(sparkWords([98])).toBe('Success of the last run: 98 percent');
  });
});

describe('when', () => {
  const row = (change: Partial<CollectionRow>): CollectionRow => ({
    id: 'c',
    name: 'Competitors',
    pages: 10,
    created_at: seconds(new Date(2026, 9, 2, 9, 0)),
    last_run: RUN,
    history: [],
    ...change,
  });
  const running = (before: number): CollectionRow =>
    row({ last_run: { ...RUN, running: true, started_at: seconds(NOW) - before } });

  test.each<[string, CollectionRow]>([
    ['Today, 06:00', row({})],
    ['Made on Fri 2 Oct', row({ last_run: null })],
    ['Started just now', running(20)],
    ['Started 7 min ago', running(7 * 60 + 12)],
    ['Started 3 h ago', running(3 * 3600 + 100)],
    ['Started 1 day ago', running(30 * 3600)],
    ['Started 4 days ago', running(100 * 3600)],
  ])('%s', (words, shown) => {
    expect(whenWords(shown, NOW)).toBe(words);
  });

  test('a collection made lately', () => {
    expect(madeWords(seconds(NOW) - 5, NOW)).toBe('Made today');
    expect(madeWords(seconds(NOW) - 3600, NOW)).toBe('Made today');
    expect(madeWords(seconds(NOW) - 86_400, NOW)).toBe('Made yesterday');
  });
});
