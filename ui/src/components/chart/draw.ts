// ECharts, as little of it as the charts need; a part of the page that loads when one is first shown.
// It draws to a text: an element that it fills by itself would be styled against the page's policy.

import { BarChart as Bars } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

import { count } from '../../format';
import { type BarChart, type BarSeries, highest, scale, type Tone } from './bars';
import type { Colours } from './colours';
import { withoutStyles } from './svg';

use([Bars, GridComponent, MarkLineComponent, SVGRenderer]);

const FONT_SIZE = 12;
const LETTER = 7;
const LONGEST_NAME = 26;

export interface Drawing {
  svg: string;
  /** Which bar is at this point; -1: none. */
  at: (x: number, y: number) => number;
}

export function draw(
  chart: BarChart,
  size: { width: number; height: number; textScale?: number },
  colours: Colours,
): Drawing {
  const made = init(null, null, { renderer: 'svg', ssr: true, ...size });
  const big = size.textScale ?? 1;
  try {
    made.setOption(chart.lying ? lying(chart, colours, big) : standing(chart, colours, big));
    const svg = withoutStyles(made.renderToSVGString());
    const middles = chart.categories.map((_, at) => {
      const finder = chart.lying ? { yAxisIndex: 0 } : { xAxisIndex: 0 };
      return Number(made.convertToPixel(finder, at));
    });
    return { svg, at: (x, y) => nearest(middles, chart.lying ? y : x) };
  } finally {
    made.dispose();
  }
}

function standing(chart: BarChart, colours: Colours, big: number) {
  const { top, step } = scale(highest(chart));
  const every = chart.every ?? 1;
  return {
    ...shared(colours),
    grid: {
      left: count(top).length * LETTER * big + 12,
      right: 4,
      top: chart.line?.label ? 22 * big : 8,
      bottom: 24 * big,
    },
    xAxis: {
      type: 'category',
      data: chart.categories,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.grid } },
      axisLabel: { ...label(colours, big), interval: (at: number) => at % every === 0 },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: top,
      interval: step,
      splitLine: { lineStyle: { color: colours.grid } },
      axisLabel: { ...label(colours, big), formatter: count },
    },
    series: series(chart, colours, big, [2, 2, 2, 2]),
  };
}

function lying(chart: BarChart, colours: Colours, big: number) {
  const letters = (texts: string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const name = (text: string) =>
    text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text;
  const left = letters(chart.categories.map(name)) * LETTER * big + 14;
  return {
    ...shared(colours),
    grid: {
      left,
      right: letters(chart.ends ?? []) * LETTER * big + 14,
      top: 0,
      bottom: 0,
    },
    xAxis: { type: 'value', show: false, min: 0, max: Math.max(1, highest(chart)) },
    yAxis: {
      type: 'category',
      inverse: true,
      data: chart.categories.map(name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { ...label(colours, big), color: colours.text, align: 'left', margin: left },
    },
    series: series(chart, colours, big, [3, 3, 3, 3]),
  };
}

function shared({ font }: Colours) {
  return { animation: false, textStyle: { fontFamily: font }, aria: { enabled: false } };
}

function label({ faintText }: Colours, big: number) {
  return { color: faintText, fontSize: FONT_SIZE * big, hideOverlap: true };
}

function series(chart: BarChart, colours: Colours, big: number, borderRadius: number[]) {
  // A standing bar of nothing is not drawn at all; a lying one still carries what is written at its end.
  const drawn = (value: number) => (value === 0 && !chart.lying ? null : value);
  return chart.series.map((one, at) => ({
    type: 'bar',
    name: one.name,
    stack: 'all',
    barMaxWidth: chart.lying ? 14 : 40,
    barCategoryGap: '36%',
    silent: true,
    emphasis: { disabled: true },
    data: one.values.map((value, place) => bar(one, place, drawn(value), colours, borderRadius)),
    ...(at === 0 ? marks(chart, colours, big) : {}),
    ...(at === chart.series.length - 1 ? ends(chart, colours, big) : {}),
  }));
}

function bar(
  one: BarSeries,
  place: number,
  value: number | null,
  colours: Colours,
  radius: number[],
) {
  const tone: Tone = one.tones?.[place] ?? one.tone;
  const edge =
    tone === 'outline'
      ? { borderColor: colours.edge, borderType: [3, 3], borderWidth: 1 }
      : { borderColor: colours.surface, borderWidth: value ? 1 : 0 };
  return { value, itemStyle: { color: colours.tones[tone], borderRadius: radius, ...edge } };
}

function marks({ line }: BarChart, colours: Colours, big: number) {
  if (!line) return {};
  const mark = {
    yAxis: line.value,
    lineStyle: { color: colours.faintText, width: 1.5, type: [5, 4] },
    label: { ...label(colours, big), formatter: line.label, position: 'insideStartTop' },
  };
  return { markLine: { silent: true, symbol: 'none', data: [mark] } };
}

function ends({ lying, ends: texts }: BarChart, colours: Colours, big: number) {
  if (!lying || !texts) return {};
  return {
    label: {
      show: true,
      position: 'right',
      color: colours.text,
      fontSize: FONT_SIZE * big,
      formatter: ({ dataIndex }: { dataIndex: number }) => texts[dataIndex] ?? '',
    },
  };
}

function nearest(middles: number[], point: number): number {
  let best = -1;
  for (const [at, middle] of middles.entries()) {
    const before = middles[best];
    if (before === undefined || Math.abs(middle - point) < Math.abs(before - point)) best = at;
  }
  return best;
}
