import type { DifferenceCount, PictureComparison } from '../../backend';
import { count, plural } from '../../format';

/** "3 lines are new, 2 are gone", "Nothing changed". */
export function differenceWords({ added, removed }: DifferenceCount): string {
  if (added === 0 && removed === 0) return 'Nothing changed';
  if (removed === 0) return `${plural(added, 'line')} ${added === 1 ? 'is' : 'are'} new`;
  if (added === 0) return `${plural(removed, 'line')} ${removed === 1 ? 'is' : 'are'} gone`;
  return `${plural(added, 'line')} new, ${count(removed)} gone`;
}

/** "12% of the picture changed". */
export function pictureWords({ changed }: PictureComparison): string {
  if (changed === 0) return 'The screenshots are the same';
  if (changed < 10) return 'Less than 1% of the picture changed';
  return `${Math.round(changed / 10)}% of the picture changed`;
}
