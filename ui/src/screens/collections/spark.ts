// Success of the last runs as small bars: from 60 to 100 percent, where the differences are.

import { GOOD_PERCENT } from '../../state/run-progress';

export interface SparkBar {
  x: number;
  y: number;
  height: number;
  look: '' | 'lo' | 'none';
}

export const SPARK_WIDTH = 92;
export const SPARK_HEIGHT = 24;
export const SPARK_BAR = 8;

const STEP = 12;
const FLOOR = 22;
const TALLEST = 20;
const LEAST = 2;
const LOWEST_PERCENT = 60;
const BAD_PERCENT = 50;

/** The newest stands at the right, however many there are. */
export function sparkBars(history: number[]): SparkBar[] {
  return history.map((percent, index) => {
    const share = (percent - LOWEST_PERCENT) / (100 - LOWEST_PERCENT);
    const height = Math.max(LEAST, Math.round(TALLEST * share));
    return {
      x: SPARK_WIDTH - SPARK_BAR - (history.length - 1 - index) * STEP,
      y: FLOOR - height,
      height,
      look: percent < BAD_PERCENT ? 'none' : percent < GOOD_PERCENT ? 'lo' : '',
    };
  });
}

export function sparkWords(history: number[]): string {
  const values = history.join(', ');
  return history.length === 1
    ? `Success of the last run: ${values} percent`
    : `Success of the last ${history.length} runs: ${values} percent`;
}
