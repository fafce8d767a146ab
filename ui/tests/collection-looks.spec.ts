// Every state of the collection screen: a picture in both themes and sizes, and axe on each.

import {
  chooseCollection,
  drop,
  grid,
  newCollection,
  openCollection,
  row,
} from './collection-page';
import { checkLooks, expect, test } from './fixtures';

test.describe.configure({ timeout: 180_000 });

test('filled, with problems', async ({ page }) => {
  await openCollection(page);
  await expect(page.locator('.cost')).toBeVisible();
  await checkLooks(page, 'collection-edit');
});

test('larger text', async ({ page }) => {
  await openCollection(page);
  await page.keyboard.press('Control+,');
  await page.getByRole('tab', { name: 'Appearance' }).click();
  await page.getByText('Larger', { exact: true }).click();
  await page.getByRole('link', { name: 'Collections' }).click();
  await page.getByRole('main').getByText('Autumn price check', { exact: true }).first().click();
  await expect(page.locator('.cost')).toBeVisible();
  await checkLooks(page, 'collection-larger');
});

test('without pages, on this computer', async ({ page }) => {
  await newCollection(page, 'local');
  await checkLooks(page, 'collection-empty');
});

test('selected and typed into', async ({ page }) => {
  await openCollection(page);
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await checkLooks(page, 'collection-selected');
  await page.getByRole('button', { name: 'Stop adding' }).click();
  await grid(page).focus();
  await page.keyboard.press('F2');
  await expect(page.getByLabel('Page address of row 3')).toBeFocused();
  await checkLooks(page, 'collection-cell');
});

test('a cell that was not saved', async ({ page }) => {
  await openCollection(page, { as: 'cloud', fail: 'edit_page:storage' });
  await grid(page).focus();
  await page.keyboard.type('x');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Not saved.')).toBeVisible();
  await checkLooks(page, 'collection-cell-problem');
});

test('only what needs a look', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Show only these' }).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '11');
  await checkLooks(page, 'collection-problems');
});

test('own options, and the menu of a row', async ({ page }) => {
  await openCollection(page);
  await row(page, 5).getByRole('button', { name: 'More for row 5' }).click();
  await expect(page.getByRole('menuitem', { name: 'Own options…' })).toBeVisible();
  await checkLooks(page, 'collection-menu');
  await page.getByRole('menuitem', { name: 'Own options…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await checkLooks(page, 'collection-own');
});

test('pasting', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Paste', exact: true }).click();
  await page.getByLabel('Addresses, one a line').fill('shop.example/a\nshop.example/b');
  await checkLooks(page, 'collection-paste');
});

test('importing', async ({ page }) => {
  await newCollection(page);
  await drop(page, 'suppliers-october.csv');
  await expect(page.getByText('Say what each column is')).toBeVisible();
  await page.getByLabel('store_region').selectOption('Label');
  await page.getByRole('button', { name: 'Add 497 pages' }).click();
  await expect(page.getByText('Another column is this already.')).toBeVisible();
  await checkLooks(page, 'collection-import');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await drop(page, 'slow.xml');
  await expect(page.getByText(/Reading, .* rows/)).toBeVisible();
  await checkLooks(page, 'collection-reading');
  await drop(page, 'broken.csv');
  await expect(page.getByText('broken.csv is not a table')).toBeVisible();
  await checkLooks(page, 'collection-import-broken');
});

test('the options of every page', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Edit the options for every page' }).click();
  await checkLooks(page, 'collection-options');
});

test('a trial', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Try 5 first' }).click();
  const use = page.getByRole('button', { name: 'Use these options for all' });
  await use.scrollIntoViewIfNeeded();
  await checkLooks(page, 'collection-trial');
});

test('the question before a run, and the second one', async ({ page }) => {
  await openCollection(page, { as: 'empty', budget: '500' });
  await page.getByRole('button', { name: 'Run…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await checkLooks(page, 'collection-run');
  await page.getByRole('button', { name: 'Run 477 pages' }).click();
  await expect(page.getByRole('button', { name: 'Run all the same' })).toBeVisible();
  await checkLooks(page, 'collection-run-again');
});

for (const code of ['not_found', 'storage']) {
  test(`a collection that cannot be opened: ${code}`, async ({ page }) => {
    await chooseCollection(page, { as: 'cloud', fail: `collection:${code}` });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('.empty, .callout').first()).toBeVisible();
    await checkLooks(page, `collection-${code.replace('_', '-')}`);
  });
}

test('pages and price that cannot be read', async ({ page }) => {
  await chooseCollection(page, {
    as: 'cloud',
    fail: 'pages:storage,estimate:storage,runs:storage',
  });
  await expect(page.getByRole('alert')).toHaveCount(3);
  await checkLooks(page, 'collection-unread');
});
