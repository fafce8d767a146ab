// Exports in memory: nothing is written, but it takes a while, can be cancelled, and counts.

import { failure } from './fake-accounts';
import type { Reply } from './fake-collections';
import type { ExportsBackend, RunsBackend } from './index';
import type { ExportForm, ExportFormat, RunJobsQuery } from './types';

const STEPS = 12;
const MS_A_STEP = 150;
const BYTES_A_RESULT = 2_048;
const PATTERNS = ['{number} {label}', '{number} {title}', '{label}', '{site} {date} {number}'];
const SAMPLE: Record<string, string> = {
  number: '0001',
  label: 'TNT-0005',
  title: 'Elv ultralight 5',
  site: 'sample.shop',
  date: '2026-10-16',
};
const FILE_NAMES: Record<ExportFormat, string> = {
  xlsx: 'Autumn price check, run 14.xlsx',
  csv: 'Autumn price check, run 14.csv',
  json: 'Autumn price check, run 14.json',
  jsonl: 'Autumn price check, run 14.jsonl',
  zip: 'Autumn price check, run 14.zip',
  folder: 'Autumn price check, run 14',
};

export function fakeExports(reply: Reply, runs: RunsBackend): ExportsBackend {
  const cancelled = new Set<string>();

  async function many(run_id: string, filter: RunJobsQuery['filter']): Promise<number> {
    const all = { search: '', cause: '', sort: 'place', descending: false } as const;
    return (await runs.runJobs({ run_id, filter, ...all, offset: 0, limit: 0 })).found;
  }

  async function countOf(form: ExportForm): Promise<number> {
    if (form.which === 'chosen') return form.job_ids.length;
    const successful = await many(form.run_id, 'success');
    if (form.which === 'successful' || !form.failures) return successful;
    return (
      successful + (await many(form.run_id, 'failed')) + (await many(form.run_id, 'timed_out'))
    );
  }

  return {
    exportOffer: async (runId) => {
      const successful = await many(runId, 'success');
      const failed = (await many(runId, 'failed')) + (await many(runId, 'timed_out'));
      const waiting = await many(runId, 'waiting');
      return reply('export_offer', () => ({
        successful,
        failed,
        waiting,
        fields: ['name', 'price', 'stock'],
        file_names: PATTERNS,
        file_name_example: exampleOf(PATTERNS[0] ?? ''),
        folder: 'Documents › Scraping Pros',
      }));
    },
    checkExport: async (form) => {
      const count = await countOf(form);
      return reply('check_export', () => ({
        problem: problemOf(form.file_names),
        example: exampleOf(form.file_names),
        count,
      }));
    },
    exportRun: async (exportId, form, onProgress) => {
      const total = await countOf(form);
      for (let step = 1; step <= STEPS; step += 1) {
        await new Promise((resolve) => setTimeout(resolve, MS_A_STEP));
        if (cancelled.has(exportId)) throw failure('cancelled');
        const done = Math.round((total * step) / STEPS);
        onProgress({ done, total, bytes: done * BYTES_A_RESULT });
      }
      const left_out = form.which === 'chosen' ? 0 : 1;
      return reply('export_run', () => ({
        path: `/home/ana/Documents/Scraping Pros/${FILE_NAMES[form.format]}`,
        name: FILE_NAMES[form.format],
        folder: 'Scraping Pros',
        size: total * BYTES_A_RESULT,
        results: total,
        left_out,
      }));
    },
    cancelExport: (exportId) => reply('cancel_export', () => void cancelled.add(exportId)),
  };
}

function exampleOf(pattern: string): string {
  const name = pattern.replace(/\{(\w+)\}/g, (whole, part: string) => SAMPLE[part] ?? whole);
  return `${name}.html`;
}

function problemOf(pattern: string): string {
  if (pattern.trim() === '') return 'Type a name, such as {number} {label}.';
  const unknown = /\{(?!number\}|label\}|title\}|site\}|date\})[^}]*\}?/.exec(pattern);
  return unknown
    ? `${unknown[0]} is not known. Use {number}, {label}, {title}, {site} or {date}.`
    : '';
}
