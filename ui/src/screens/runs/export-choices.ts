/** What was chosen for the last export, so that the next needs one press. */
import type { ExportForm, ExportFormat } from '../../backend';
import type { IconName } from '../../icons';

export type ExportChoices = Omit<ExportForm, 'run_id' | 'job_ids'>;

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

const KEY = 'export-choices';
const AT_FIRST: ExportChoices = {
  which: 'all',
  format: 'xlsx',
  label_and_address: true,
  fields: true,
  failures: false,
  file_names: '',
};

/** True when the files of pages need names. */
export function namesFiles(format: ExportFormat): boolean {
  return format === 'zip' || format === 'folder';
}

export function remembered(storage: Storage): ExportChoices {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return AT_FIRST;
    const known = kept as Partial<Record<keyof ExportChoices, unknown>>;
    const flag = (value: unknown, usual: boolean) => (typeof value === 'boolean' ? value : usual);
    return {
      // What was chosen in another run's table means nothing here.
      which: known.which === 'successful' ? 'successful' : AT_FIRST.which,
      format: FORMATS.find(({ format }) => format === known.format)?.format ?? AT_FIRST.format,
      label_and_address: flag(known.label_and_address, AT_FIRST.label_and_address),
      fields: flag(known.fields, AT_FIRST.fields),
      failures: flag(known.failures, AT_FIRST.failures),
      file_names: typeof known.file_names === 'string' ? known.file_names : '',
    };
  } catch {
    return AT_FIRST;
  }
}

export function remember(storage: Storage, choices: ExportChoices): void {
  try {
    storage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // A full or closed store costs the person a few presses, nothing else.
  }
}
