/** What a column of extracted values looks like. */
import type { DataRow } from '../../backend';

const NUMBER = /^[^\d\p{L}]{0,4}\s*[-+−]?\d[\d.,'\s]*\s*(\p{Sc}|%|[A-Z]{3})?$/u;

/** True when most values that are there read as numbers or prices. */
export function looksNumeric(rows: DataRow[], column: number): boolean {
  const values = rows
    .map(({ cells }) => cells[column])
    .filter((cell): cell is string => cell !== null && cell !== undefined && cell !== '');
  if (values.length === 0) return false;
  return values.filter((value) => NUMBER.test(value.trim())).length >= values.length * 0.8;
}
