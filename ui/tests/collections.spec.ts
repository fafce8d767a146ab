import type { Page } from '@playwright/test';

import { checkLooks, open } from './fixtures';
import { expect, test } from './scrape-page';

async function openList(page: Page, switches: Record<string, string> = {}): Promise<void> {
  await open(page, { as: 'cloud', ...switches });
  await page.getByRole('link', { name: /^Collections/ }).click();
  await expect(page.getByRole('heading', { name: 'Collections', level: 1 })).toBeVisible();
}

const row = (page: Page, name: string) => page.getByRole('row', { name });
const names = (page: Page) => page.locator('.coltable .name').allTextContents();

async function choose(page: Page, name: string, entry: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

test('the list tells of each collection how its last run went', async ({ page }) => {
  await openList(page);
  await expect(row(page, 'Autumn price check')).toContainText('Running');
  await expect(row(page, 'Competitor catalogue')).toContainText('1,217 of 1,240');
  await expect(row(page, 'Argentina house prices')).toContainText('61 failed');
  await expect(row(page, 'Store opening hours')).toContainText('All failed');
  await expect(row(page, 'Old shop redirects')).toContainText('Never run');
  await expect(
    row(page, 'Store opening hours').getByRole('img', {
      name: 'Success of the last 3 runs: 98, 96, 0 percent',
    }),
  ).toBeVisible();
  await checkLooks(page, 'collections');
});

test('a larger text size folds it as a narrower window does', async ({ page }) => {
  await openList(page);
  await page.keyboard.press('ControlOrMeta+,');
  await page.getByRole('tab', { name: 'Appearance' }).click();
  await page.getByText('Larger', { exact: true }).click();
  await page.keyboard.press('ControlOrMeta+2');
  await expect(row(page, 'Competitor catalogue')).toBeVisible();
  await checkLooks(page, 'collections-larger');
});

test('search, filters and sort narrow the list, and all of them can be taken back', async ({
  page,
}) => {
  await openList(page);
  await expect(row(page, 'Press mentions')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+f');
  await expect(page.getByRole('searchbox', { name: 'Search collections' })).toBeFocused();
  await page.keyboard.type('pri');
  await expect(row(page, 'Press mentions')).toBeHidden();
  await expect(page.getByText('3 collections found')).toBeAttached();
  await page.getByRole('button', { name: 'Need a look 1' }).click();
  await expect.poll(() => names(page)).toEqual(['Argentina house prices']);
  await page.getByRole('searchbox').fill('zzz');
  await expect(page.getByText('Nothing called “zzz” needs a look')).toBeVisible();
  await checkLooks(page, 'collections-nothing-found');
  await page.getByRole('button', { name: 'Show all collections' }).click();
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(row(page, 'Press mentions')).toBeVisible();

  await page.getByRole('searchbox').fill('press');
  await expect(row(page, 'Competitor catalogue')).toBeHidden();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(row(page, 'Competitor catalogue')).toBeVisible();

  await page.getByLabel('Sort by').selectOption('Pages');
  await expect.poll(async () => (await names(page))[0]).toBe('Competitor catalogue');
  await page.reload();
  await page.getByRole('link', { name: /^Collections/ }).click();
  await expect(page.getByLabel('Sort by'), 'the sort is remembered').toHaveValue('pages');
  await expect.poll(async () => (await names(page))[0]).toBe('Competitor catalogue');
});

test('by keyboard: arrows go from row to row, Enter opens', async ({ page }) => {
  await openList(page);
  await page.getByRole('button', { name: 'Autumn price check', exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(
    page.getByRole('button', { name: 'Competitor catalogue', exact: true }),
  ).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Collections', level: 1 })).toBeHidden();
  await expect(page.locator('#main'), 'the keyboard goes on in the new screen').toBeFocused();
});

test('Run… starts nothing: it opens the collection, where the cost is', async ({ page }) => {
  await openList(page, { fail: 'start_run:unexpected' });
  await page.getByRole('button', { name: 'Run Competitor catalogue…' }).click();
  await expect(page.getByRole('heading', { name: 'Collections', level: 1 })).toBeHidden();
  await expect(page.locator('.toast')).toHaveCount(0);
});

test('a collection is deleted at once, and Undo brings it back', async ({ page }) => {
  await openList(page);
  await page.getByRole('button', { name: 'More for Press mentions' }).click();
  await checkLooks(page, 'collections-menu');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(row(page, 'Press mentions')).toBeHidden();
  await expect(page.getByText('Deleted “Press mentions”')).toBeVisible();
  await expect(page.getByText('The results of its runs stay.')).toBeVisible();
  await expect(
    page.getByRole('button', { name: 'Supplier price sheets', exact: true }),
    'the row that took its place has the focus',
  ).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('button', { name: 'Press mentions', exact: true })).toBeFocused();

  await choose(page, 'Autumn price check', 'Delete');
  await expect(page.getByText('Its run goes on, and you will be told when it ends.')).toBeVisible();
});

test('what can’t be deleted stays, and the reason stands above the list', async ({ page }) => {
  await openList(page, { fail: 'delete_collection:storage' });
  await choose(page, 'Press mentions', 'Delete');
  await expect(page.getByRole('alert').getByText('could not be written to disk')).toBeVisible();
  await expect(row(page, 'Press mentions')).toBeVisible();
  await checkLooks(page, 'collections-not-deleted');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a collection is duplicated and renamed', async ({ page }) => {
  await openList(page);
  await choose(page, 'Press mentions', 'Duplicate');
  await expect(page.getByText('Made “Copy of Press mentions”')).toBeVisible();
  await choose(page, 'Copy of Press mentions', 'Rename…');
  const dialog = page.getByRole('dialog', { name: 'Rename collection' });
  await expect(dialog.getByLabel('Name')).toHaveValue('Copy of Press mentions');
  await dialog.getByLabel('Name').fill('  ');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Type a name.')).toBeVisible();
  await dialog.getByLabel('Name').fill('x'.repeat(300));
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('This name is too long. Shorten it.')).toBeVisible();
  await checkLooks(page, 'collections-rename');
  await dialog.getByLabel('Name').fill('Press, weekly');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Press, weekly', exact: true })).toBeFocused();
  await choose(page, 'Press, weekly', 'Rename…');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Press, weekly', exact: true })).toBeFocused();
});

test('a new collection needs nothing but a press', async ({ page }) => {
  await openList(page);
  await page.getByRole('button', { name: 'New collection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New collection' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await checkLooks(page, 'collections-new');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('ControlOrMeta+2');
  await expect(row(page, 'New collection')).toContainText('Made today');
  await page.keyboard.press('ControlOrMeta+n');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a name that can’t be loses nothing', async ({ page }) => {
  await openList(page);
  await page.getByRole('button', { name: 'New collection' }).click();
  const name = page.getByRole('dialog').getByLabel('Name');
  await name.fill('x'.repeat(300));
  await page.keyboard.press('Enter');
  await expect(page.getByText('This name is too long. Shorten it.')).toBeVisible();
  await expect(name).toHaveValue('x'.repeat(300));
});

test('without collections the screen says what they are good for', async ({ page }) => {
  await openList(page, { collections: 'none' });
  await expect(page.getByText('Scrape many pages in one go')).toBeVisible();
  await expect(page.getByRole('searchbox')).toHaveCount(0);
  await checkLooks(page, 'collections-none');
  await page.getByRole('button', { name: 'Paste addresses…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste addresses' });
  await expect(dialog.getByLabel('Page addresses')).toBeFocused();
  await dialog.getByRole('button', { name: 'Create collection' }).click();
  await expect(dialog.getByText('Paste at least one page address.')).toBeVisible();
  await checkLooks(page, 'collections-paste');
});

test('pasted addresses become a collection in one step', async ({ page }) => {
  await openList(page, { collections: 'none' });
  await page.getByRole('button', { name: 'Paste addresses…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste addresses' });
  await dialog.getByLabel('Page addresses').fill('shop.example/tents\nshop.example/stoves');
  await dialog.getByLabel('Name (optional)').fill('Camping');
  await dialog.getByRole('button', { name: 'Create collection' }).click();
  await expect(dialog).toBeHidden();
  await page.keyboard.press('ControlOrMeta+2');
  await expect(row(page, 'Camping').getByRole('cell', { name: '2', exact: true })).toBeVisible();
});

test('when the pages can’t be taken, what was pasted stays and a retry makes no second one', async ({
  page,
}) => {
  await openList(page, { collections: 'none', fail: 'paste_pages:storage' });
  await page.getByRole('button', { name: 'Paste addresses…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste addresses' });
  await dialog.getByLabel('Page addresses').fill('shop.example/tents\nshop.example/stoves');
  await dialog.getByRole('button', { name: 'Create collection' }).click();
  await expect(dialog.getByRole('alert')).toContainText('could not be written to disk');
  await dialog.getByRole('button', { name: 'Create collection' }).click();
  await expect(dialog.getByRole('alert')).toContainText('could not be written to disk');
  await expect(dialog.getByLabel('Page addresses')).toHaveValue(/stoves/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => names(page)).toEqual(['New collection']);
});

test('a list that can’t be read says why, and is read again', async ({ page }) => {
  await openList(page, { fail: 'collections:storage' });
  await expect(page.getByRole('alert')).toContainText('could not be written to disk');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await checkLooks(page, 'collections-error');
});

test('a list that takes its time shows its shape', async ({ page }) => {
  await openList(page, { slow: '', as: 'local' });
  await expect(page.getByRole('status', { name: 'Reading your collections' })).toBeAttached();
  await expect(row(page, 'Press mentions')).toBeVisible();
});

test('many collections are drawn as they come into view', async ({ page }) => {
  await openList(page, { collections: 'many' });
  await expect(page.getByRole('button', { name: 'All 1,200' })).toBeVisible();
  expect(await page.locator('.coltable .name').count()).toBeLessThan(60);
  const list = page.getByRole('region', { name: 'Collections' });
  await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(row(page, 'Price list 1200')).toBeVisible();
  await page.locator('.coltable .name[data-index="1150"]').waitFor({ state: 'detached' });
  await checkLooks(page, 'collections-many');
  await page.getByLabel('Sort by').selectOption('Name');
  await expect(
    page.getByRole('button', { name: 'Price list 1', exact: true }),
    'another order starts at its top',
  ).toBeVisible();
});

test('collections made elsewhere are named, with what can’t be done with them', async ({
  page,
}) => {
  await openList(page);
  await page.getByRole('button', { name: 'Collections made elsewhere…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Collections made elsewhere' });
  await expect(dialog.getByText('Nightly stock (script)')).toBeVisible();
  await expect(dialog.getByText(/never gives back their pages/)).toBeVisible();
  await checkLooks(page, 'collections-elsewhere');
  await page.keyboard.press('Escape');
  await expect(
    page.getByRole('button', { name: 'Collections made elsewhere…' }),
    'the focus returns',
  ).toBeFocused();
});

test('when the service can’t be asked, only that dialog says so', async ({ page }) => {
  await openList(page, { fail: 'collections_elsewhere:unreachable' });
  await page.getByRole('button', { name: 'Collections made elsewhere…' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
    'This computer cannot reach Scraping Pros',
  );
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(row(page, 'Press mentions')).toBeVisible();
});

test('on this computer no service has other collections', async ({ page }) => {
  await openList(page, { as: 'local' });
  await expect(row(page, 'Press mentions')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Collections made elsewhere…' })).toHaveCount(0);
});

test('all runs of a collection open in its history', async ({ page }) => {
  await openList(page);
  await page.getByRole('button', { name: 'More for Old shop redirects' }).click();
  await expect(page.getByRole('menuitem', { name: 'All runs' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await choose(page, 'Autumn price check', 'All runs');
  await expect(page.getByRole('heading', { name: 'Runs of Autumn price check' })).toBeVisible();
  await page.getByRole('button', { name: 'Run 13', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Run 13', level: 1 })).toBeVisible();
});

test('the sidebar says how far the runs have come, in words too', async ({ page }) => {
  await open(page, { as: 'cloud' });
  const link = page.getByRole('link', { name: /^Collections/ });
  await expect(link).toHaveAccessibleName(/^Collections .*\bruns? .*\d+% done$/);
  await expect(link).toHaveAttribute('title', /^Collections: .* \d+% done$/);
});

const move = (page: Page, pages: number) =>
  page.evaluate(
    (detail) => window.dispatchEvent(new CustomEvent('fake-run-moves', { detail })),
    pages,
  );

test('a run moves in its row, and is finished there when it ends', async ({ page }) => {
  await openList(page);
  await expect(row(page, 'Autumn price check')).toContainText('64%');
  await move(page, 50);
  await expect(row(page, 'Autumn price check')).toContainText(/7[45]%/);
  await move(page, 1_000);
  await expect(row(page, 'Autumn price check')).toContainText(/Finished.* 451 of 486/);
  await expect(page.getByRole('button', { name: 'Run Autumn price check…' })).toBeVisible();
});

test('the end of a run is told wherever the person is, with the way to it', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await expect(page.getByRole('link', { name: /^Collections.*% done/ })).toBeVisible();
  await move(page, 1_000);
  const message = page
    .getByRole('status')
    .getByText(/^Autumn price check, run 14: \d+ of 486 pages/);
  await expect(message).toBeVisible();
  await checkLooks(page, 'run-ended');
  await page
    .locator('.toast', { hasText: 'run 14' })
    .getByRole('button', { name: 'Open run' })
    .click();
  await expect(message).toBeHidden();
  await expect(page.getByRole('link', { name: /^Collections/ })).toHaveAttribute(
    'aria-current',
    'page',
  );
});

test('the screen of a run needs no message about its end', async ({ page }) => {
  await openList(page);
  await page.getByRole('button', { name: 'Watch Autumn price check' }).click();
  await move(page, 1_000);
  await expect(page.getByText(/^Whole catalogue, run 2:/)).toBeVisible();
  await expect(page.locator('.toast').getByText(/Autumn price check, run 14/)).toHaveCount(0);
});

test('one page becomes a collection of many', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page
    .getByRole('button', { name: /Trade price list|sample\.shop/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Run on many pages…' }).click();
  await expect(page.getByText('Made the collection “sample.shop”')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+2');
  await expect(row(page, 'sample.shop')).toContainText('Never run');
});

test('the palette makes collections and finds them by name', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.locator('.sidebar').waitFor();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('house');
  const option = page.getByRole('option', { name: /Argentina house prices/ });
  await expect(option).toContainText('320 pages');
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  const main = page.getByRole('navigation', { name: 'Main' });
  await expect(main.getByRole('link', { name: /^Collections/ })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('new coll');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'New collection' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('option', { name: 'Run on many pages…' })).toHaveCount(0);
});

test('zoomed to 200 % the list is one column that scrolls', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await openList(page);
  await expect(row(page, 'Competitor catalogue')).toBeVisible();
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(sideways, 'nothing scrolls sideways').toBe(false);
});

for (const width of [1101, 1180, 1280]) {
  test(`at ${width} px names can be read`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    await openList(page);
    const name = page.getByRole('button', { name: 'Argentina house prices', exact: true });
    await expect(name).toBeVisible();
    const cut = await name.evaluate((element) => element.scrollWidth > element.clientWidth);
    expect(cut).toBe(false);
  });
}
