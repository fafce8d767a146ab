import { beforeEach, expect, test, vi } from 'vitest';

import { backend, type JobRow, type JobView, type RunJobsQuery } from '../../backend';
import { Jobs, type Table } from './jobs.svelte';

const ALL = 300;
/** How many jobs stand before the first: those that came in on top. */
let added = 0;

function row(index: number): JobRow {
  return {
    id: String(index - added),
    address: `https://a.example/${index - added}`,
    label: '',
    outcome: 'success',
    words: 'Success',
    cause: '',
    duration_ms: 1,
    credits: 1,
    ended_at: 1,
    result_id: null,
  };
}

function jobView(id: string): JobView {
  const position = Number(id) + added;
  const hidden = position < 0 || position >= ALL + added;
  return {
    job: row(Math.max(position, 0)),
    result: null,
    previous: hidden || position === 0 ? null : String(Number(id) - 1),
    next: hidden ? null : String(Number(id) + 1),
    position: hidden ? 0 : position,
  };
}

function tableAt(first: number): Table & { shifted: number[] } {
  const shifted: number[] = [];
  return {
    shifted,
    inView: () => ({ first, last: first + 10 }),
    toTop: () => undefined,
    show: async () => undefined,
    shift: async (rows) => void shifted.push(rows),
  };
}

beforeEach(() => {
  added = 0;
  vi.restoreAllMocks();
  vi.spyOn(backend, 'runJobs').mockImplementation(async ({ offset, limit }: RunJobsQuery) => ({
    rows: Array.from({ length: Math.min(limit, ALL + added - offset) }, (_, at) =>
      row(offset + at),
    ),
    found: ALL + added,
  }));
  vi.spyOn(backend, 'runJob').mockImplementation(async (_query, id) => jobView(id));
});

async function opened(): Promise<Jobs> {
  const jobs = new Jobs('run');
  jobs.sort = 'ended';
  jobs.descending = true;
  await jobs.reload();
  return jobs;
}

test('the first job is chosen when nothing else is', async () => {
  const jobs = await opened();
  expect(jobs.current).toBe(0);
  expect(jobs.chosen?.job.id).toBe('0');
});

test('rows that come in above move the table by as many, and the chosen row with them', async () => {
  const jobs = await opened();
  jobs.ensure(0, 60);
  jobs.choose(55);
  await vi.waitFor(() => expect(jobs.chosen?.job.id).toBe('55'));
  const table = tableAt(50);
  jobs.table = table;
  added = 7;
  await jobs.refresh();
  expect(table.shifted, 'moved by the rows that came').toEqual([7]);
  expect(jobs.current).toBe(62);
  expect(jobs.at(62)?.id, 'the same job').toBe('55');
});

test('a job that arrives between two answers moves the mark with its row', async () => {
  const jobs = await opened();
  added = 2;
  vi.mocked(backend.runJobs).mockImplementationOnce(async () => {
    added = 3;
    return { rows: Array.from({ length: 100 }, (_, at) => row(at)), found: ALL + added };
  });
  await jobs.refresh();
  expect(jobs.current).toBe(3);
  expect(jobs.current !== null && jobs.at(jobs.current)?.id).toBe('0');
});

test('at the top nothing is held: what is new is seen', async () => {
  const jobs = await opened();
  const table = tableAt(0);
  jobs.table = table;
  added = 3;
  await jobs.refresh();
  expect(table.shifted).toEqual([]);
  expect(jobs.at(0)?.id).toBe('-3');
});

test('a choice made while the table loads is not taken back', async () => {
  const jobs = await opened();
  jobs.ensure(200, 210);
  let answer: () => void = () => undefined;
  vi.mocked(backend.runJob).mockImplementationOnce(
    (_query, id) => new Promise((resolve) => (answer = () => resolve(jobView(id)))),
  );
  const loading = jobs.reload();
  await vi.waitFor(() => expect(backend.runJob).toHaveBeenCalledTimes(2));
  jobs.choose(99);
  answer();
  await loading;
  expect(jobs.current).toBe(99);
});

test('a row that is not here yet is chosen as soon as it is', async () => {
  const jobs = await opened();
  jobs.choose(250);
  expect(jobs.chosen?.job.id, 'the old one until then').toBe('0');
  jobs.ensure(250, 250);
  await vi.waitFor(() => expect(jobs.chosen?.job.id).toBe('250'));
});

test('ticks from the last one to another are set together', async () => {
  const jobs = await opened();
  jobs.tick(3);
  await jobs.tickTo(6);
  expect([...jobs.ticked]).toEqual(['3', '4', '5', '6']);
  jobs.tick(4);
  expect(jobs.ticked.has('4')).toBe(false);
});
