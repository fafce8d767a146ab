/** The formats of an export in words, and what of its choices is remembered. */
import type { ExportChoices, ExportFormat } from '../../backend';
import type { IconName } from '../../icons';

export interface FormatWords {
  format: ExportFormat;
  name: string;
  text: string;
  icon: IconName;
}

export const FORMATS: FormatWords[] = [
  { format: 'xlsx', name: 'Excel', text: 'One sheet, one row a page', icon: 'file-table' },
  { format: 'csv', name: 'CSV', text: 'Opens in any table app', icon: 'table' },
  { format: 'json', name: 'JSON', text: 'For developers, one list', icon: 'code' },
  { format: 'jsonl', name: 'JSON lines', text: 'For developers, one page a line', icon: 'list' },
  { format: 'zip', name: 'ZIP', text: 'Every page and screenshot, one file', icon: 'file-zip' },
  { format: 'folder', name: 'Folder', text: 'Every page and screenshot', icon: 'folder' },
];

/** True when the files of pages need names. */
export function namesFiles(format: ExportFormat): boolean {
  return format === 'zip' || format === 'folder';
}

/** What was chosen in one run's table means nothing in another's. */
export function toRemember(choices: ExportChoices): ExportChoices {
  return choices.which === 'chosen' ? { ...choices, which: 'all' } : choices;
}
