import { beforeEach, expect, test, vi } from 'vitest';

import { backend } from '../backend';
import { app } from './app.svelte';
import { library } from './library.svelte';

const click = (keys: MouseEventInit = {}) => new MouseEvent('click', keys);

beforeEach(async () => {
  vi.restoreAllMocks();
  app.screen = 'library';
  library.showAll();
  await library.load();
});

test('one press chooses, Ctrl adds, Shift takes what lies between', () => {
  library.choose(0, click());
  expect(library.taken().map(({ id }) => id)).toEqual([library.at(0)?.id]);
  library.choose(2, click({ ctrlKey: true }));
  expect([...library.chosen.keys()]).toEqual([library.at(0)?.id, library.at(2)?.id]);
  library.choose(0, click());
  expect(library.chosen.size).toBe(0);
  library.choose(2, click({ shiftKey: true }));
  expect(library.chosen.size).toBe(3);
});

test('an answer that comes late does not replace a newer one', async () => {
  const answers: (() => void)[] = [];
  const page = await backend.libraryPage({
    find: '',
    kind: 'all',
    account_id: '',
    site: '',
    collection_id: '',
    verdict: null,
    tag: '',
    since: 0,
    before: 0,
    sort: 'newest',
    until: 0,
    offset: 0,
    limit: 10,
  });
  vi.spyOn(backend, 'libraryPage').mockImplementation(
    ({ find }) =>
      new Promise((resolve) =>
        answers.push(() => resolve({ ...page, found: find === 'old' ? 1 : 2 })),
      ),
  );
  library.find = 'old';
  const old = library.load();
  library.find = 'new';
  const young = library.load();
  answers[1]?.();
  answers[0]?.();
  await Promise.all([old, young]);
  expect(library.page?.found).toBe(2);
});

test('what is deleted is told with a way back, and a refusal stays on the screen', async () => {
  library.choose(0, click());
  const rows = library.taken();
  vi.spyOn(backend, 'deleteResults').mockRejectedValueOnce({
    code: 'storage',
    message: 'The disk is full.',
    problems: [],
  });
  expect(await library.delete(rows, () => undefined)).toBe(false);
  expect(library.problem?.message).toBe('The disk is full.');
  expect(library.at(0)?.id).toBe(rows[0]?.id);
});

test('once the last text is read, the list is asked for anew; before that nothing moves', async () => {
  const page = library.page;
  if (!page) throw new Error('the page is there');
  library.page = { ...page, unread: 40 };
  const asked = vi.spyOn(backend, 'libraryPage');
  asked.mockResolvedValueOnce({ ...page, newer: 3, unread: 20 });
  await library.look();
  expect(library.page).toMatchObject({ newer: 3, unread: 20, found: page.found });
  expect(asked).toHaveBeenCalledTimes(1);
  asked.mockResolvedValueOnce({ ...page, unread: 0 });
  await library.look();
  expect(asked).toHaveBeenCalledTimes(3);
});
