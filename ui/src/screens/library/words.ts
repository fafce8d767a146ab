// Results of the library, said in plain words.

import type { LibraryRow, ResultView, Verdict } from '../../backend';
import { bytes, plural } from '../../format';
import type { IconName } from '../../icons';

/** "24 rows", "4 fields", "942 KB", "Markdown", "Page": what is worth most of what it holds. */
export function contents(row: LibraryRow): string {
  if (row.verdict !== 'success') return VERDICT_LOOK[row.verdict].label;
  if (row.file_type !== '') return bytes(row.size);
  if (row.data_rows > 1) return plural(row.data_rows, 'row');
  if (row.data_fields > 0) return plural(row.data_fields, 'field');
  if (row.has_markdown && !row.has_page) return 'Markdown';
  return row.has_page ? 'Page' : '';
}

export const VERDICT_LOOK: Record<Verdict, { label: string; icon: IconName }> = {
  success: { label: 'Scraped', icon: 'check' },
  blocked: { label: 'Blocked', icon: 'shield-alert' },
  failed: { label: 'Failed', icon: 'alert' },
};

/** Stands where there is no picture. */
export function fileIcon(row: LibraryRow): IconName {
  if (row.verdict !== 'success') return VERDICT_LOOK[row.verdict].icon;
  const type = row.file_type;
  if (type === '') return row.data_fields > 0 ? 'table' : 'file-text';
  if (type.startsWith('image/')) return 'file-image';
  if (/zip|tar|compressed/.test(type)) return 'file-zip';
  return /csv|excel|spreadsheet/.test(type) ? 'file-table' : 'file-text';
}

/** "24 rows, page, screenshot". */
export function partsOf(result: ResultView, row: LibraryRow): string {
  const words: string[] = [];
  for (const { part } of result.parts) {
    if (part === 'data') {
      words.push(
        row.data_rows > 1 ? plural(row.data_rows, 'row') : plural(row.data_fields, 'field'),
      );
    } else if (part === 'page') words.push('page');
    else if (part === 'screenshot') words.push('screenshot');
    else if (part === 'network') words.push('what the page loaded');
    else if (part === 'file') words.push('file');
    else if (!result.parts.some((other) => other.part === 'page')) words.push('Markdown');
  }
  const text = words.join(', ');
  return text === '' ? 'Nothing' : text.charAt(0).toUpperCase() + text.slice(1);
}
