// What a bar chart shows, before anybody draws it.

export type Tone = 'main' | 'second' | 'faint' | 'outline';

export interface BarSeries {
  name: string;
  tone: Tone;
  /** One for each category; stacked on those of the series before. */
  values: number[];
  /** The tone of single bars. */
  tones?: (Tone | undefined)[];
}

export interface BarChart {
  /** Names along the axis. */
  categories: string[];
  series: BarSeries[];
  /** Bars lie, and names stand at their left. */
  lying?: boolean;
  /** What is written at the end of each lying bar. */
  ends?: string[];
  /** Every so many names are written. */
  every?: number;
  line?: { value: number; label: string };
}

/** One line of the legend. */
export interface Key {
  label: string;
  tone: Tone | 'line';
}

/** The top of the axis and its steps: 1, 2 or 5 times a power of ten, three to five of them. */
export function scale(most: number): { top: number; step: number } {
  if (most <= 0) return { top: 1, step: 1 };
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power);
  return { top: Math.ceil(most / step) * step, step };
}

/** The highest bar, or the line. */
export function highest({ categories, series, line }: BarChart): number {
  const sums = categories.map((_, at) =>
    series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
  );
  return Math.max(0, line?.value ?? 0, ...sums);
}
