import { bytes } from './format';

/** Sizes of the library come in kilobytes, since bytes would not fit the wire's numbers. */
export function kilobytes(value: number): string {
  return bytes(value * 1024);
}
