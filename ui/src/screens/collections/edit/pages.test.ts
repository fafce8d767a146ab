// The table's memory against a scripted backend.

import { beforeEach, expect, it, vi } from 'vitest';

import { backend, type PageRow, type PagesQuery } from '../../../backend';
import { toasts } from '../../../state/toasts.svelte';
import { PagesTable } from './pages.svelte';
import { failure, pageRow, report } from './sample';

let rows: PageRow[] = [];
let table: PagesTable;
const reported = vi.fn();

beforeEach(async () => {
  vi.restoreAllMocks();
  reported.mockReset();
  toasts.list = [];
  rows = Array.from({ length: 1_000 }, (_, at) => pageRow(at + 1));
  vi.spyOn(backend, 'pages').mockImplementation(({ offset, limit }: PagesQuery) =>
    Promise.resolve({
      rows: rows.slice(offset, offset + limit),
      found: rows.length,
      all: rows.length,
    }),
  );
  table = new PagesTable({ id: 'c', keep: (work) => work, reported, stale: reported });
  await table.reload();
});

it('asks for what is in view, and keeps the old rows until the new ones are here', async () => {
  expect(table.at(0)?.id).toBe(1);
  table.ensure(390, 410);
  await vi.waitFor(() => expect(table.at(400)?.id).toBe(401));
  rows = rows.slice(1);
  const anew = table.reload();
  expect(table.at(400)?.id, 'nothing flickers').toBe(401);
  await anew;
  expect(table.at(400)?.id).toBe(402);
  expect(table.found).toBe(999);
});

it('saves a cell, and what can’t be saved stays typed with its reason', async () => {
  const edit = vi.spyOn(backend, 'editPage').mockRejectedValueOnce(failure('storage'));
  await table.startEdit(2, 'address', null);
  expect(table.edit?.value).toBe('shop.example/3');
  if (table.edit) table.edit.value = 'shop.example/new';
  expect(await table.commitEdit()).toBe(false);
  expect(table.edit).toMatchObject({ value: 'shop.example/new', error: 'storage', saving: false });
  expect(await table.startEdit(5, 'label', null), 'nothing typed is thrown away').toBe(false);

  edit.mockResolvedValue(pageRow(3, { address: 'shop.example/new' }));
  expect(await table.commitEdit()).toBe(true);
  expect(edit).toHaveBeenLastCalledWith('c', 3, 'address', 'shop.example/new');
  expect(table.edit).toBeNull();
});

it('asks nothing when a cell was not changed or the edit was left', async () => {
  const edit = vi.spyOn(backend, 'editPage');
  await table.startEdit(0, 'address', null);
  expect(await table.commitEdit()).toBe(true);
  await table.startEdit(0, 'address', 'x');
  table.cancelEdit();
  expect(await table.commitEdit()).toBe(true);
  expect(edit).not.toHaveBeenCalled();
});

it('marks a range whose rows are not here yet', async () => {
  await table.markRange(950, 100);
  expect(table.marked).toBe(851);
  expect([table.selection.has(101), table.selection.has(951), table.selection.has(952)]).toEqual([
    true,
    true,
    false,
  ]);
});

it('removes what is marked, and brings it back', async () => {
  const removed = { removed: 1_000, undo: 7, report: report(0) };
  const remove = vi.spyOn(backend, 'removePages').mockResolvedValue(removed);
  const restore = vi.spyOn(backend, 'restorePages').mockResolvedValue(report(1_000));
  table.selection.markAll();
  await table.removeMarked();
  expect(remove.mock.lastCall?.[0]).toMatchObject({ all: true, ids: [] });
  expect(table.marked).toBe(0);
  expect(toasts.list[0]?.text).toBe('1,000 pages removed.');
  toasts.list[0]?.action?.act();
  await vi.waitFor(() => expect(reported).toHaveBeenLastCalledWith(report(1_000)));
  expect(restore).toHaveBeenCalledWith('c', 7);
});

it('removes the row the keyboard is at when none is marked', async () => {
  const removed = { removed: 1, undo: 8, report: report(999) };
  const remove = vi.spyOn(backend, 'removePages').mockResolvedValue(removed);
  table.moveTo(41, 1);
  await table.removeMarked();
  expect(remove.mock.lastCall?.[0]).toMatchObject({ all: false, ids: [42] });
});

it('takes back what was pasted', async () => {
  const added = { added: 2, first_id: 1_001, last_id: 1_002, report: report(1_002) };
  vi.spyOn(backend, 'pastePages').mockResolvedValue(added);
  const takeBack = vi
    .spyOn(backend, 'takeBackPages')
    .mockResolvedValue({ removed: 2, undo: 3, report: report(1_000) });
  rows = [...rows, pageRow(1_001), pageRow(1_002)];
  await table.paste('a.example\nb.example');
  expect(table.row, 'the first of them is shown').toBe(1_000);
  toasts.list[0]?.action?.act();
  await vi.waitFor(() => expect(takeBack).toHaveBeenCalledWith('c', 1_001, 1_002));
});

it('another search starts at the top with nothing marked', async () => {
  table.selection.markAll();
  table.moveTo(500, 2);
  table.find = 'tent';
  await table.search();
  expect([table.marked, table.row]).toEqual([0, 0]);
  expect(vi.mocked(backend.pages).mock.lastCall?.[0]).toMatchObject({ find: 'tent', offset: 0 });
});
