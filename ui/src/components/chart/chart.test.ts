import { expect, test } from 'vitest';

import { type BarChart, highest, scale } from './bars';
import type { Colours } from './colours';
import { draw } from './draw';
import { asElement, picture, withoutStyles } from './svg';

const COLOURS: Colours = {
  tones: {
    main: '#2a5cda',
    second: '#868b95',
    faint: '#dfe2e9',
    outline: 'none',
  },
  surface: '#ffffff',
  text: '#181c24',
  secondText: '#535864',
  faintText: '#5e636e',
  grid: '#e8eaee',
  edge: '#868b95',
  font: "'Inter', sans-serif",
};

const CHART: BarChart = {
  categories: ['<b>a</b> style="x:y"', 'b'],
  series: [
    { name: 'One', tone: 'main', values: [1, 2] },
    { name: 'Two', tone: 'second', values: [3, 0] },
  ],
  line: { value: 5, label: 'Plan' },
};

test.each([
  [0, 1, 1],
  [1, 1, 1],
  [3, 3, 1],
  [5_930, 6_000, 2_000],
  [113_800, 150_000, 50_000],
  [1_000_001, 1_500_000, 500_000],
])('an axis up to %i ends at %i in steps of %i', (most, top, step) => {
  expect(scale(most)).toEqual({ top, step });
});

test('the axis has room for stacked bars and for the line', () => {
  expect(highest(CHART)).toBe(5);
  expect(highest({ ...CHART, line: undefined })).toBe(4);
});

test.each([false, true])(
  'a chart is drawn without inline styles, and is one element (lying: %s)',
  (lying) => {
    const { svg, at } = draw(
      { ...CHART, lying, ends: ['1', '2'] },
      { width: 400, height: 120 },
      COLOURS,
    );
    expect(svg).not.toMatch(/<[^>]* style="/);
    expect(svg).not.toContain('<style');
    expect(svg, 'a name is text').not.toContain('<b>');
    const bars = svg.match(/<path[^>]*fill="#2a5cda"/g) ?? [];
    expect(bars).toHaveLength(2);
    expect(asElement(svg)?.nodeName).toBe('svg');
    expect([at(390, 115), at(60, 5)], 'what the pointer is at').toEqual([1, 0]);
  },
);

test('styles become attributes', () => {
  const text =
    '<text style="font-size:12px;font-family:\'A:B\', c;" x="1">a</text><style>.a{}</style>';
  expect(withoutStyles(text)).toBe(`<text font-size="12px" font-family="'A:B', c" x="1">a</text>`);
});

test('the picture has all that the card has, and hostile names are text', () => {
  const { svg } = draw(CHART, { width: 400, height: 120 }, COLOURS);
  const whole = picture({
    svg,
    width: 400,
    height: 120,
    title: 'Tents & <script>',
    summary: `${'word '.repeat(60)}end\u0000`,
    keys: [
      { label: 'One', tone: 'main' },
      { label: 'Even', tone: 'line' },
    ],
    colours: COLOURS,
  });
  expect(whole).toContain('Tents &amp; &lt;script&gt;');
  expect(whole).not.toContain('<script');
  const root = asElement(whole);
  expect(root?.querySelectorAll('svg'), 'the chart is in it').toHaveLength(1);
  expect(root?.textContent).toContain('end');
  expect(Number(root?.getAttribute('height')), 'room for every line').toBeGreaterThan(300);
});
