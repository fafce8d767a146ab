// What a person does with the pages of a collection, by mouse and by keyboard.

import {
  chooseCollection,
  drop,
  grid,
  newCollection,
  openCollection,
  pasteText,
  row,
  toast,
} from './collection-page';
import { expect, test } from './fixtures';

test('a page is fixed by the keyboard alone, and the report follows', async ({ page }) => {
  await openCollection(page);
  await expect(page.getByText('10 of 486 pages need a look')).toBeVisible();
  await grid(page).focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowDown');
  await expect(page.getByText('This does not look like a page address')).toBeVisible();
  await page.keyboard.press('F2');
  const cell = page.getByLabel('Page address of row 6');
  await expect(cell).toBeFocused();
  await expect(cell).toHaveValue('nordlys outfitters holme family 5');
  await page.keyboard.type('shop.example/holme');
  await page.keyboard.press('Enter');
  await expect(row(page, 6)).toContainText('shop.example/holme');
  await expect(row(page, 6)).not.toContainText('Not an address');
  await expect(page.getByText('9 of 486 pages need a look')).toBeVisible();
  await expect(page.locator('.cost'), 'the price follows').toHaveText('At most 2,390 credits');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(grid(page), 'Enter goes on in the table').toBeFocused();
});

test('typing replaces, Esc puts back, Tab moves on', async ({ page }) => {
  await openCollection(page);
  await grid(page).focus();
  await page.keyboard.type('x');
  await expect(page.getByLabel('Page address of row 1')).toHaveValue('x');
  await page.keyboard.press('Escape');
  await expect(row(page, 1)).toContainText('nordlys-outfitters.example/tents/skarv-1');
  await row(page, 1).getByText('TNT-0102').dblclick();
  await page.getByLabel('Label of row 1').fill('TNT-9');
  await page.keyboard.press('Shift+Tab');
  await page.getByLabel('Page address of row 1').fill('shop.example/one');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Label of row 1')).toHaveValue('TNT-9');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Page address of row 2')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row(page, 1)).toContainText('shop.example/one');
});

test('what can’t be saved stays in its cell', async ({ page }) => {
  await openCollection(page, { as: 'cloud', fail: 'edit_page:storage' });
  await grid(page).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('shop.example/new');
  await page.keyboard.press('Enter');
  const cell = page.getByLabel('Page address of row 1');
  await expect(page.getByRole('alert').filter({ hasText: 'Not saved.' })).toBeVisible();
  await expect(cell).toHaveValue('shop.example/new');
  await expect(cell).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row(page, 1)).toContainText('skarv-1');
});

test('rows from a spreadsheet are pasted into the table, and taken back', async ({ page }) => {
  await openCollection(page);
  await grid(page).focus();
  await pasteText(page, 'shop.example/a\tA-1\nshop.example/b\tB-2\nno address\t');
  await expect(toast(page, '3 pages added.')).toBeVisible();
  await expect(row(page, 489)).toContainText('Not an address');
  await expect(row(page, 487)).toContainText('A-1');
  await toast(page, '3 pages added.').getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.toolbar .badge')).toHaveText('486');
});

test('pages are pasted into a new collection by the dialog', async ({ page }) => {
  await newCollection(page);
  await expect(page.getByRole('button', { name: 'Run…' })).toBeDisabled();
  await page.getByRole('button', { name: 'Paste pages' }).click();
  await expect(page.getByLabel('Addresses, one a line')).toBeFocused();
  await page.getByLabel('Addresses, one a line').fill('shop.example/a\n\nshop.example/b\n');
  await page.getByRole('button', { name: 'Add 2 lines' }).click();
  await expect(row(page, 2)).toContainText('shop.example/b');
  await expect(page.locator('.cost')).toHaveText('At most 2 credits');
  await expect(page.getByRole('button', { name: 'Run…' })).toBeEnabled();
});

test('pages are typed one after the other', async ({ page }) => {
  await newCollection(page, 'local');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const form = page.getByRole('form', { name: 'Add a page' });
  await page.keyboard.press('Enter');
  await expect(form.getByRole('alert')).toContainText('Type or paste a page address first.');
  for (const name of ['a', 'b']) {
    await expect(form.getByLabel('Page address')).toBeFocused();
    await page.keyboard.type(`shop.example/${name}`);
    await page.keyboard.press('Enter');
    await expect(grid(page)).toContainText(`shop.example/${name}`);
  }
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await expect(page.locator('.cost'), 'on this computer').toHaveText('Free');
});

test('only what needs a look is shown, left out, and brought back', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Show only these' }).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '11');
  await page.getByRole('button', { name: 'Leave 9 out' }).click();
  await expect(page.getByText('1 of 477 pages needs a look')).toBeVisible();
  await expect(grid(page), 'what the service refused is still there').toContainText(
    'Refused last time',
  );
  await toast(page, '9 pages left out.').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('10 of 486 pages need a look')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '487');
});

test('rows are selected, removed and brought back', async ({ page }) => {
  await openCollection(page);
  await grid(page).focus();
  await page.keyboard.press('Space');
  await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('3 selected', { exact: true })).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.locator('.toolbar .badge')).toHaveText('483');
  await toast(page, '3 pages removed.').getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 1)).toContainText('skarv-1');

  await grid(page).focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByText('486 selected', { exact: true })).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByText('No pages yet')).toBeVisible();
  await toast(page, '486 pages removed.').getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.toolbar .badge')).toHaveText('486');
});

test('a search keeps its place in the list', async ({ page }) => {
  await openCollection(page);
  await page.getByLabel('Find a page').fill('TNT-0140');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '2');
  await expect(row(page, 1), 'its number in the whole list').toContainText('39');
  await page.getByLabel('Find a page').fill('nothing like it');
  await page.getByRole('button', { name: 'Show all pages' }).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '487');
});

test('a page has its own options', async ({ page }) => {
  await openCollection(page);
  await row(page, 12).getByRole('button', { name: 'More for row 12' }).click();
  await page.getByRole('menuitem', { name: 'Own options…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('“perhaps” is not yes or no.');
  await dialog.getByLabel('Real browser').selectOption('No');
  await dialog.getByLabel('Location').fill('Norway');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 12)).toContainText('Own options');
  await expect(page.getByText('477 × 5'), 'one page more, and it is cheap').toBeVisible();
  await expect(page.getByText('1 × 1 and 477 × 5 credits')).toBeVisible();
  await expect(
    page
      .getByText('Location: Norway, Real browser: no')
      .or(page.getByText('Real browser: no, Location: Norway')),
  ).toBeVisible();
});

test('a file is imported: columns, separator, a mistake, and the way back', async ({ page }) => {
  await newCollection(page);
  await page.getByRole('button', { name: 'Import…' }).first().click();
  const panel = page.getByRole('region', { name: 'suppliers-october.csv' });
  await expect(panel.getByLabel('product_url')).toHaveValue('address');
  await expect(panel.getByLabel('store_region')).toHaveValue('');
  await expect(panel).toContainText('TNT-0102');

  await panel.getByLabel('Separator').selectOption('Comma (,)');
  await expect(panel.getByLabel('sku')).toBeHidden();
  await panel.getByLabel('Separator').selectOption('Semicolon (;)');
  await panel.getByLabel('The first row names the columns').uncheck();
  await expect(panel.getByLabel('Column 2')).toBeVisible();
  await panel.getByLabel('The first row names the columns').check();

  await panel.getByLabel('store_region').selectOption('Label');
  await panel.getByRole('button', { name: 'Add 497 pages' }).click();
  await expect(panel.getByRole('alert')).toContainText('Another column is this already.');
  await panel.getByLabel('store_region').selectOption('Leave out');
  await panel.getByRole('button', { name: 'Add 497 pages' }).click();
  await expect(page.getByText('5 of 497 pages need a look')).toBeVisible();
  await expect(grid(page), 'the keyboard goes on in the table').toBeFocused();
  await toast(page, '497 pages added.').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('No pages yet')).toBeVisible();
});

test('a file held over the window is announced, and dropped', async ({ page }) => {
  await newCollection(page);
  const hold = (held: boolean) =>
    page.evaluate((detail) => window.dispatchEvent(new CustomEvent('fake-hold', { detail })), held);
  await hold(true);
  await expect(page.getByText('Drop the file to import its pages')).toBeVisible();
  await hold(false);
  await drop(page, 'october.xlsx');
  const panel = page.getByRole('region', { name: 'october.xlsx' });
  await panel.getByLabel('Sheet').selectOption('September');
  await expect(panel.getByRole('button', { name: 'Add 12 pages' })).toBeEnabled();
  await expect(panel.getByLabel('Separator')).toBeHidden();
});

test('reading a file is cancelled, and a broken one says why', async ({ page }) => {
  await newCollection(page);
  await drop(page, 'slow.csv');
  const panel = page.getByRole('region', { name: 'slow.csv' });
  await expect(panel.getByText(/Reading, .* rows so far/)).toBeVisible();
  await panel.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByText('No pages yet')).toBeVisible();
  await drop(page, 'broken.csv');
  await expect(page.getByRole('alert')).toContainText('broken.csv is not a table');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('No pages yet')).toBeVisible();
});

test('the last of 50,000 rows is reached, and of 200,000 too', async ({ page }) => {
  test.setTimeout(120_000);
  await newCollection(page, 'local');
  for (const total of [50_000, 200_000]) {
    const times = total === 50_000 ? 1 : 3;
    for (let time = 0; time < times; time += 1) {
      await drop(page, 'sitemap.xml');
      await page.getByRole('button', { name: 'Add 50,000 pages' }).click();
      await expect(grid(page)).toBeVisible();
    }
    await expect(page.locator('.toolbar .badge')).toHaveText(total.toLocaleString('en-GB'));
    await grid(page).focus();
    await page.keyboard.press('Control+End');
    await expect(row(page, total)).toBeInViewport();
    await expect(row(page, total)).toContainText('import-50000');
    await page.keyboard.press('Control+Home');
    await expect(row(page, 1)).toBeInViewport();
    await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(row(page, total), 'by scrolling, too').toBeInViewport();
    await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    const drawn = await grid(page).getByRole('row').count();
    expect(drawn, 'only what is in view is drawn').toBeLessThan(60);
    await expect(grid(page).locator('.skel')).toHaveCount(0);
    await expect(grid(page).getByText('nordlys-outfitters.example').nth(15)).toBeInViewport();
  }
});

test('the options of every page are edited beside it, and saved', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Edit the options for every page' }).click();
  const options = page.getByRole('complementary', { name: 'Options for every page' });
  await options.getByLabel('Render in a real browser').uncheck();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(page.locator('.cost')).toHaveText('At most 477 credits');
  await options.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Simple page', { exact: true })).toBeVisible();
  await expect(page.getByText('477 × 1 credit')).toBeVisible();
});

test('a name is changed in place, and Esc puts it back', async ({ page }) => {
  await openCollection(page);
  const name = page.getByLabel('Collection name');
  await name.fill('Winter prices');
  await name.press('Escape');
  await expect(name).toHaveValue('Autumn price check');
  await name.fill('');
  await name.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Enter a name.');
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
  await name.fill('Winter prices');
  await name.press('Enter');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Collections' }).first().click();
  await expect(page.getByText('Winter prices').first()).toBeVisible();
});

test('a collection that is not in this app says so', async ({ page }) => {
  await chooseCollection(page, { as: 'cloud', fail: 'collection:not_found' });
  await expect(page.getByText('This collection is not in this app')).toBeVisible();
  await page.getByRole('button', { name: 'Back to collections' }).click();
  await expect(page.getByText('Autumn price check').first()).toBeVisible();
});
