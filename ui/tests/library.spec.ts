import type { Page } from '@playwright/test';

import { checkLooks, open } from './fixtures';
import { expect, test } from './scrape-page';

async function openLibrary(page: Page, switches: Record<string, string> = {}): Promise<void> {
  await open(page, { as: 'cloud', library: '', ...switches });
  await page.keyboard.press('ControlOrMeta+3');
  await expect(page.getByRole('heading', { name: 'Library', level: 1 })).toBeVisible();
}

const card = (page: Page, title: string) => page.getByRole('option', { name: title });
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Selected result' });

test('cards and a list show the same results, and the choice of view stays', async ({ page }) => {
  await openLibrary(page);
  await card(page, 'Casas en venta').click();
  await expect(inspector(page).getByRole('heading', { name: 'Casas en venta' })).toBeVisible();
  await expect(inspector(page).getByText('Real browser, no proxy')).toBeVisible();
  await checkLooks(page, 'library');
  await page.getByRole('button', { name: 'List' }).click();
  await expect(page.getByRole('row', { name: /Casas en venta/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await checkLooks(page, 'library-list');
  await page.keyboard.press('ControlOrMeta+1');
  await page.keyboard.press('ControlOrMeta+3');
  await expect(page.getByRole('row', { name: /Casas en venta/ })).toBeVisible();
});

test('a word of the text finds its page as one types; filters narrow and can be taken back', async ({
  page,
}) => {
  await openLibrary(page);
  await page.keyboard.press('ControlOrMeta+f');
  await page.keyboard.type('cash');
  await expect(card(page, '214 open positions')).toBeVisible();
  await expect(page.getByText('1 result found')).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(card(page, 'Casas en venta')).toBeVisible();

  await page.getByRole('button', { name: /^Files 1/ }).click();
  await expect(page.locator('.libcard')).toHaveCount(1);
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByLabel('Website').selectOption('nordlys-outfitters.example');
  await expect(page.locator('.libcard')).toHaveCount(4);
  await page.getByLabel('When').selectOption('Older than 12 months');
  await expect(card(page, 'Lavvo 6')).toBeVisible();
  await expect(page.locator('.libcard')).toHaveCount(1);
  await page.getByRole('button', { name: /More filters/ }).click();
  await page.getByLabel('Result', { exact: true }).selectOption('Blocked');
  await expect(page.getByText('Nothing here')).toBeVisible();
  await checkLooks(page, 'library-nothing-found');
  await page.getByRole('button', { name: 'Show all results' }).click();
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(card(page, 'Casas en venta')).toBeVisible();
});

test('by keyboard: arrows choose, Enter opens, Esc leads back to the same card', async ({
  page,
}) => {
  await openLibrary(page);
  await page.getByRole('listbox', { name: 'Results' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const chosen = page.locator('.libcard--current');
  const title = await chosen.locator('.libcard__t').textContent();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Back to the library' })).toBeFocused();
  await expect(page.getByRole('tab', { name: 'Preview' })).toBeVisible();
  await checkLooks(page, 'library-result');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: 'Results' })).toBeFocused();
  await expect(chosen.locator('.libcard__t')).toHaveText(title ?? '');
});

test('deleted results come back, also many at once', async ({ page }) => {
  await openLibrary(page);
  await card(page, 'Casas en venta').click();
  await page.keyboard.press('Delete');
  await expect(card(page, 'Casas en venta')).toBeHidden();
  await expect(page.getByText('Deleted “Casas en venta”')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 'Casas en venta')).toBeVisible();

  await card(page, 'Casas en venta').click();
  await card(page, '214 open positions').click({ modifiers: ['ControlOrMeta'] });
  await expect(page.getByText('2 chosen')).toBeVisible();
  await checkLooks(page, 'library-chosen');
  await page.getByRole('group', { name: 'What is chosen' }).getByText('Delete').click();
  await expect(page.getByText('Deleted 2 results')).toBeVisible();
  await expect(card(page, '214 open positions')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(card(page, '214 open positions')).toBeVisible();
});

test('a tag is put on, filters, and is taken off', async ({ page }) => {
  await openLibrary(page);
  await card(page, 'Casas en venta').click();
  await inspector(page).getByRole('button', { name: 'Tag…' }).click();
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await expect(page.getByText('Type a name for the tag.')).toBeVisible();
  await checkLooks(page, 'library-tag');
  await page.getByLabel('Tag', { exact: true }).fill('Houses');
  await page.keyboard.press('Enter');
  await expect(inspector(page).getByText('Houses')).toBeVisible();
  await page.getByRole('button', { name: /More filters/ }).click();
  await page.getByRole('group', { name: 'More filters' }).getByLabel('Tag').selectOption('Houses');
  await expect(page.getByRole('option', { name: /Casas/ })).toBeVisible();
  await expect(page.locator('.libcard')).toHaveCount(1);
  await page.locator('.libcard').click();
  await inspector(page).getByRole('button', { name: 'Take the tag Houses off' }).click();
  await expect(page.locator('.libcard')).toHaveCount(0);
});

test('scrape again fills in the scrape screen and sends nothing', async ({ page }) => {
  await openLibrary(page);
  await card(page, 'Casas en venta').click();
  await inspector(page).getByRole('button', { name: 'Scrape again' }).click();
  await expect(page.getByLabel('Page address')).toHaveValue('https://portal-norte.example/page-1');
  await expect(page.getByText('Nothing was sent')).toBeAttached();
});

test('a hundred thousand results: only those in view are drawn, and the last is within reach', async ({
  page,
}) => {
  await openLibrary(page, { library: '100000' });
  await expect(page.getByText('100,011 results kept')).toBeVisible();
  for (const view of ['Grid', 'List']) {
    await page.getByRole('button', { name: view, exact: true }).click();
    const box = page.getByRole(view === 'Grid' ? 'listbox' : 'grid', { name: 'Results' });
    await box.focus();
    await page.keyboard.press('End');
    await expect(page.getByText('Lavvo 6 · Nordlys Outfitters').first()).toBeVisible();
    expect(await page.locator('[data-index]').count(), view).toBeLessThan(80);
    await page.keyboard.press('Home');
  }
});

test('an empty library says what comes here; a failing one says why', async ({ page }) => {
  await open(page, { as: 'local', nothing: '' });
  await page.getByRole('link', { name: 'Library' }).click();
  await expect(page.getByText('Everything you scrape is kept here')).toBeVisible();
  await checkLooks(page, 'library-empty');
  await open(page, { as: 'local', fail: 'library_page:storage' });
  await page.getByRole('link', { name: 'Library' }).click();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('the settings tell its size, keep results for a time, and clean up', async ({ page }) => {
  await open(page, { as: 'cloud', library: '' });
  await page.keyboard.press('ControlOrMeta+,');
  await page.getByRole('tab', { name: 'Library' }).click();
  await expect(page.getByText('1.4 GB, 11 results')).toBeVisible();
  await page.getByLabel('Keep results for').selectOption('90 days');
  await checkLooks(page, 'settings-library');
  await page.getByRole('button', { name: 'Clean up now' }).click();
  await expect(page.getByText('Delete 3 old results for good?')).toBeVisible();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('Freed 234 MB')).toBeVisible();
  await page.getByRole('button', { name: 'Clear…' }).click();
  await page.getByRole('button', { name: 'Keep the library' }).click();
  await expect(page.getByText('1.1 GB, 10 results')).toBeVisible();
  await page.getByRole('button', { name: 'Clear…' }).click();
  await page.getByRole('button', { name: 'Delete everything' }).click();
  await expect(page.getByText('80 KB, 0 results')).toBeVisible();
});

test('two results are compared: text, values and screenshots', async ({ page }) => {
  await openLibrary(page);
  await card(page, 'Casas en venta').click();
  await card(page, '214 open positions').click({ modifiers: ['ControlOrMeta'] });
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByText('2 lines new, 1 gone')).toBeVisible();
  await expect(page.getByText('18 lines that are the same')).toBeVisible();
  await expect(page.locator('mark', { hasText: '349.00' })).toBeVisible();
  await checkLooks(page, 'library-compare');
  await page.getByLabel('Only what changed').uncheck();
  await expect(page.getByText('Line 3', { exact: true }).first()).toBeVisible();
  await page.getByRole('tab', { name: 'Text' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('Nothing changed')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('12% of the picture changed')).toBeVisible();
  await checkLooks(page, 'library-compare-pictures');
  await page.getByRole('button', { name: 'Side by side' }).click();
  await expect(page.getByRole('img', { name: 'The earlier screenshot' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: 'Results' })).toBeFocused();

  await card(page, 'Casas en venta').click();
  await page.getByRole('button', { name: 'More for Casas en venta' }).click();
  await page.getByRole('menuitem', { name: 'Compare with another…' }).click();
  await expect(page.getByText('Choose what to compare “Casas en venta” with.')).toBeVisible();
  await card(page, '214 open positions').click();
  await page.getByRole('group', { name: 'Compare' }).getByText('Compare', { exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Text' })).toBeVisible();
});

test('the library goes into one file and back, can be stopped, and says what a file is not', async ({
  page,
}) => {
  await open(page, { as: 'cloud', library: '' });
  await page.keyboard.press('ControlOrMeta+,');
  await page.getByRole('tab', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByRole('progressbar', { name: 'Exporting the library' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Cancelled. No file was written.')).toBeVisible();
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText('Saved library.zip')).toBeVisible();
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('Imported 8 results')).toBeVisible();

  await open(page, { as: 'cloud', damaged: '' });
  await page.keyboard.press('ControlOrMeta+,');
  await page.getByRole('tab', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('exported by a newer version')).toBeVisible();
  await checkLooks(page, 'settings-library-import');
});
