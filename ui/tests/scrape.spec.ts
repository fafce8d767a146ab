// What a person does on the scrape screen, by mouse and by keyboard.

import { open } from './fixtures';
import {
  address,
  addField,
  addStep,
  expect,
  openGroup,
  scrape,
  scrapeAll,
  SHOP,
  steps,
  tab,
  test,
} from './scrape-page';

test('the price follows the options', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await expect(page.locator('.cost')).toHaveText('1 credit');
  await expect(page.getByLabel('Take a screenshot'), 'needs a browser').toBeDisabled();
  await page.getByLabel('Render in a real browser').check();
  await expect(page.locator('.cost')).toHaveText('5 credits');
  await expect(page.getByLabel('Take a screenshot')).toBeEnabled();
});

test('on this computer everything is free and the location is its own', async ({ page }) => {
  await open(page, { as: 'local' });
  await expect(page.locator('.cost')).toHaveText('Free');
  await expect(page.getByRole('button', { name: 'Visit from: Your own connection' })).toBeVisible();
  await expect(page.getByText('The site sees you where you are.')).toBeVisible();
});

test('Ctrl L, Enter and Ctrl Enter lead through a scrape, and the typed text stays', async ({
  page,
}) => {
  await open(page, { as: 'local' });
  await page.keyboard.press('Control+l');
  await expect(address(page)).toBeFocused();
  await page.keyboard.type(SHOP);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Tents – Nordlys Outfitters' })).toBeVisible();
  await expect(address(page)).toHaveValue(SHOP);
  await expect(address(page), 'the focus is not stolen').toBeFocused();
  await expect(page.locator('p[role=status]')).toContainText('Scraped in');
  await address(page).fill('captcha.example/x');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { name: 'The site showed a captcha' })).toBeVisible();
});

test('an empty address is asked for', async ({ page }) => {
  await open(page, { as: 'local' });
  await page.getByRole('button', { name: 'Scrape', exact: true }).click();
  await expect(address(page)).toBeFocused();
  await expect(address(page)).toHaveAccessibleDescription(/Type or paste a page address/);
  await address(page).fill('shop.example');
  await expect(page.locator('#address-problem'), 'gone once it is mended').toBeHidden();
});

test('earlier pages are suggested and chosen by keyboard', async ({ page }) => {
  await open(page, { as: 'local' });
  await address(page).pressSequentially('tent');
  const list = page.getByRole('listbox', { name: 'Earlier pages' });
  await expect(list.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(address(page)).toHaveValue(SHOP);
  await expect(list).toBeHidden();
});

test('Esc cancels and says honestly what that costs', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await scrape(page, 'shop.example/slow');
  await expect(page.getByText('the service may still charge 1 credit')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Ready to scrape')).toBeVisible();
  await expect(page.locator('.toast')).toContainText('The service may still charge');
  await expect(page.getByRole('button', { name: 'Scrape', exact: true })).toBeVisible();
});

test('a scrape goes on while the person is in the settings', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrape(page, SHOP);
  await page.keyboard.press('Control+,');
  await page.keyboard.press('Control+1');
  await expect(tab(page, 'Preview')).toBeVisible();
  await expect(address(page), 'the form is as it was').toHaveValue(SHOP);
});

test('the suggestion runs with one press', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await scrape(page, 'captcha.example/x');
  await expect(page.getByText('5 credits, only if it works')).toBeVisible();
  await expect(page.locator('.trylist em')).toHaveText(/Off\s*On/);
  await page.getByRole('button', { name: 'Try again with a real browser' }).click();
  await expect(page.getByLabel('Render in a real browser')).toBeChecked();
});

test('no retry is offered where it cannot help', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await scrape(page, 'shop.example/gone');
  await expect(page.getByText('Trying again will not help')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Try again/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Change options myself' }).click();
  await expect(page.getByLabel('Render in a real browser')).toBeFocused();
});

test('a rejected key leads to its place in the settings', async ({ page }) => {
  await open(page, { as: 'cloud', fail: 'scrape:key_rejected' });
  await scrape(page, SHOP);
  await page.locator('.trouble').getByRole('button', { name: 'Replace key…' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Accounts' })).toBeVisible();
});

test('a rate limit counts down and can be stopped', async ({ page }) => {
  await open(page, { as: 'cloud', fail: 'scrape:rate_limited' });
  await scrape(page, SHOP);
  await expect(page.getByText(/Going on in 0:2\d/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('steps are added, edited, moved by keys, duplicated and deleted with a way back', async ({
  page,
}) => {
  await open(page, { as: 'local' });
  await openGroup(page, 'Steps');
  await addStep(page, 'Click', '#a');
  await addStep(page, 'Wait for something', '#b');
  await addStep(page, 'Press a key');
  const named = ['Step 1: Click #a', 'Step 2: Wait for #b Up to 5 seconds', 'Step 3: Press Enter'];
  expect(await steps(page)).toEqual(named);
  const last = page.getByRole('button', { name: /^Step 3/ });
  await last.focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Alt+ArrowUp');
  expect(await steps(page), 'moved to the top').toEqual([
    'Step 1: Press Enter',
    'Step 2: Click #a',
    'Step 3: Wait for #b Up to 5 seconds',
  ]);
  await expect(
    page.getByRole('button', { name: /^Step 1/ }),
    'the focus goes with it',
  ).toBeFocused();
  await page.getByRole('button', { name: 'More for step 2' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(page.locator('.steps > .step')).toHaveCount(4);
  await page.getByRole('button', { name: 'More for step 1' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.locator('.steps > .step')).toHaveCount(3);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect((await steps(page))[0], 'back in its place').toBe('Step 1: Press Enter');
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByLabel('Render in a real browser')).toBeChecked();
});

test('a step is dragged with the mouse', async ({ page }) => {
  await open(page, { as: 'local' });
  await openGroup(page, 'Steps');
  for (const where of ['#a', '#b', '#c']) await addStep(page, 'Click', where);
  const grips = page.locator('.steps > .step > .step__grip');
  await grips.first().scrollIntoViewIfNeeded();
  const from = await grips.nth(0).boundingBox();
  const to = await grips.nth(2).boundingBox();
  if (!from || !to) throw new Error('the grips are not on the page');
  await page.mouse.move(from.x + 5, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 5, to.y + to.height - 4, { steps: 12 });
  await page.mouse.up();
  expect(await steps(page)).toEqual(['Step 1: Click #b', 'Step 2: Click #c', 'Step 3: Click #a']);
});

test('fields are pasted from a spreadsheet', async ({ page }) => {
  await open(page, { as: 'local' });
  await page.getByRole('button', { name: 'Add by hand' }).click();
  await page.evaluate(() =>
    navigator.clipboard.writeText('name\t.card h2\nlink\t.card a\thref\tall'),
  );
  await page.keyboard.press('Control+v');
  await expect(page.getByLabel('Where name is on the page')).toHaveValue('.card h2');
  await expect(page.getByText('reads href, all matches')).toBeVisible();
});

test('options go back to default and come back', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await address(page).fill(SHOP);
  await page.getByLabel('Render in a real browser').check();
  await addField(page, 'price', '.price');
  await page.getByRole('button', { name: 'Back to default options' }).click();
  await expect(page.getByLabel('Render in a real browser')).not.toBeChecked();
  await expect(address(page), 'the address is no option').toHaveValue(SHOP);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Where price is on the page')).toHaveValue('.price');
});

test('a country is chosen by name', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.getByRole('button', { name: 'Visit from: No proxy' }).click();
  await page.keyboard.type('argen');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Visit from: Argentina' })).toBeVisible();
});

test('the tabs follow arrows and Ctrl Tab', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrapeAll(page);
  await tab(page, 'Preview').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'Screenshot')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('End');
  await expect(tab(page, 'Details')).toBeFocused();
});

test('the preview changes its width and asks before it loads anything', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrapeAll(page);
  const frame = page.locator('.viewport iframe');
  await expect(frame).toHaveAttribute('sandbox', 'allow-popups');
  await page.getByRole('button', { name: 'Phone, 390 pixels' }).click();
  await expect(page.getByText('390 px wide, shown at 100%')).toBeVisible();
  await page.getByRole('button', { name: 'External content blocked' }).click();
  const ask = page.getByRole('alertdialog', { name: 'Load images and styles?' });
  await expect(ask).toContainText('this computer’s own connection');
  await ask.getByRole('button', { name: 'Keep blocked' }).click();
  await expect(page.getByRole('button', { name: 'External content blocked' })).toBeVisible();
  await page.getByRole('button', { name: 'External content blocked' }).click();
  await ask.getByRole('button', { name: 'Load them' }).click();
  await expect(page.getByRole('button', { name: 'External content allowed' })).toBeVisible();
});

test('the screenshot zooms by button, key and wheel', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrapeAll(page);
  await tab(page, 'Screenshot').click();
  const picture = page.getByRole('img', { name: /Full-page screenshot/ });
  const value = page.locator('.zoomval');
  await page.getByRole('button', { name: '100%' }).click();
  await expect(value).toHaveText('100%');
  expect((await picture.boundingBox())?.width, 'one picture pixel on one screen pixel').toBe(1280);
  await page.keyboard.press('-');
  await expect(value).toHaveText('75%');
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: 'Fit width' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.locator('.shotview').hover();
  const before = await value.textContent();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect(value).not.toHaveText(before ?? '');
});

test('data sorts, finds, marks what is empty and saves', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrapeAll(page);
  await tab(page, 'Data').click();
  await expect(page.getByText('4 empty values')).toBeVisible();
  const price = page.getByRole('columnheader', { name: 'price' });
  await price.getByRole('button').click();
  await expect(price).toHaveAttribute('aria-sort', 'ascending');
  await price.getByRole('button').click();
  await expect(price).toHaveAttribute('aria-sort', 'descending');
  await expect(page.locator('.datatable tbody tr').first(), 'the dearest first').toContainText(
    'Myr 6 Family',
  );
  await page.getByLabel('Find in rows').fill('Skog');
  await expect(page.locator('.datatable tbody tr')).toHaveCount(3);
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  await expect(page.locator('.toast')).toContainText('Saved tents.csv');
  await expect(page.getByRole('button', { name: 'Show in folder' })).toBeVisible();
});

test('the source is searched with Enter and Shift Enter', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrapeAll(page);
  await tab(page, 'Source').click();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('price');
  const found = page.getByText(/^\d+ of 25$/);
  await expect(found).toHaveText('1 of 25');
  await page.keyboard.press('Enter');
  await expect(found).toHaveText('2 of 25');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await expect(found, 'round to the end').toHaveText('25 of 25');
  await expect(page.locator('.hit--current')).toBeInViewport();
});

test('the network list filters, and a row shows what was kept', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrapeAll(page);
  await tab(page, 'Network').click();
  await page.getByRole('button', { name: 'Data 16' }).click();
  await page.locator('.call__open').first().click();
  const dialog = page.getByRole('dialog', { name: 'Data' });
  await expect(dialog).toContainText('"products"');
  await dialog.getByRole('button', { name: 'Copy contents' }).click();
  await expect(page.locator('.toast')).toContainText('Copied the contents');
});

test('what is missing says how to get it', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrape(page, SHOP);
  await tab(page, 'Screenshot').click();
  await expect(page.getByText('Turn on Take a screenshot and scrape again.')).toBeVisible();
  await page.getByRole('button', { name: 'Show me where' }).click();
  await expect(page.getByLabel('Take a screenshot')).toBeFocused();
  await expect(page.getByLabel('Take a screenshot')).toBeEnabled();
});
