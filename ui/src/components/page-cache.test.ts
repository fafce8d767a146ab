import { expect, it, vi } from 'vitest';

import { PageCache } from './page-cache';

function cache(load: (offset: number, limit: number) => Promise<number[]>, keep = 3) {
  const loaded = vi.fn();
  const failed = vi.fn();
  return { loaded, failed, pages: new PageCache<number>({ size: 10, keep, load, loaded, failed }) };
}

const numbers = async (offset: number, limit: number) =>
  Array.from({ length: limit }, (_, at) => offset + at);

it('asks for each page once and answers from it', async () => {
  const load = vi.fn(numbers);
  const { pages, loaded } = cache(load);
  pages.ensure(5, 14);
  pages.ensure(8, 12);
  await vi.waitFor(() => expect(loaded).toHaveBeenCalledTimes(2));
  expect(load.mock.calls, 'two pages, one call each').toEqual([
    [0, 10],
    [10, 10],
  ]);
  expect(pages.at(13)).toBe(13);
  expect(pages.at(20), 'not asked for').toBeUndefined();
});

it('forgets the pages that were not seen for longest', async () => {
  const { pages, loaded } = cache(numbers, 2);
  for (const first of [0, 10]) {
    pages.ensure(first, first);
    await vi.waitFor(() => expect(pages.at(first)).toBe(first));
  }
  pages.ensure(0, 0);
  pages.ensure(20, 20);
  await vi.waitFor(() => expect(loaded).toHaveBeenCalledTimes(3));
  expect(pages.at(0), 'seen again, so kept').toBe(0);
  expect(pages.at(10), 'the oldest is gone').toBeUndefined();
});

it('drops answers to what is no longer asked', async () => {
  let answer: (rows: number[]) => void = () => undefined;
  const { pages, loaded } = cache(() => new Promise((resolve) => (answer = resolve)));
  pages.ensure(0, 0);
  pages.clear();
  answer([1]);
  await Promise.resolve();
  await Promise.resolve();
  expect(loaded).not.toHaveBeenCalled();
  expect(pages.at(0)).toBeUndefined();
});

it('tells of a failure and can be asked again', async () => {
  const load = vi.fn(numbers).mockRejectedValueOnce(new Error('gone'));
  const { pages, failed, loaded } = cache(load);
  pages.ensure(0, 0);
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
  pages.ensure(0, 0);
  await vi.waitFor(() => expect(loaded).toHaveBeenCalledOnce());
  expect(pages.at(3)).toBe(3);
});

it('shows what is old until it has come again', async () => {
  let add = 0;
  const { pages, loaded } = cache(async (offset, limit) =>
    (await numbers(offset, limit)).map((row) => row + add),
  );
  pages.ensure(0, 0);
  await vi.waitFor(() => expect(loaded).toHaveBeenCalledTimes(1));
  add = 100;
  pages.outdate();
  expect(pages.at(3), 'still here').toBe(3);
  pages.ensure(0, 0);
  await vi.waitFor(() => expect(loaded).toHaveBeenCalledTimes(2));
  expect(pages.at(3), 'and new').toBe(103);
  pages.ensure(0, 0);
  expect(loaded, 'not a third time').toHaveBeenCalledTimes(2);
});

it('asks again for what was on its way when it became old', async () => {
  const load = vi.fn(numbers);
  const { pages, loaded } = cache(load);
  pages.ensure(0, 0);
  pages.outdate();
  await vi.waitFor(() => expect(loaded).toHaveBeenCalledTimes(1));
  pages.ensure(0, 0);
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
});
