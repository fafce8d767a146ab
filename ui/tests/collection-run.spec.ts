// From a collection to a run: the price, the trial, the questions.

import type { Page } from '@playwright/test';

import { grid, openCollection } from './collection-page';
import { expect, test } from './scrape-page';

/** Five pages, one after the other, on a busy machine. */
const TRIED = { timeout: 20_000 };
const summary = (page: Page) =>
  page.getByRole('region', { name: 'Not sure it will work?' }).getByRole('status');
const dialog = { title: 'Run “Autumn price check”' };

test('a few pages are tried first, and what works is used for all', async ({ page }) => {
  await openCollection(page, { as: 'cloud' }, 'Competitor catalogue');
  await expect(page.getByText('At most 5 credits')).toBeVisible();
  await page.getByRole('button', { name: 'Try 5 first' }).click();
  const tried = page.getByRole('list', { name: 'Pages tried' });
  await expect(tried.getByText('Waiting').first()).toBeVisible();
  await expect(summary(page)).toHaveText(
    /4 of 5 worked, .* each on average, \d+ credits in all/,
    TRIED,
  );
  await expect(tried).toContainText('The site showed a captcha.');
  await page.getByRole('button', { name: 'Use these options for all' }).click();
  await expect(page.getByText(/^Real browser/)).toBeVisible();
  await expect(page.locator('.cost')).toHaveText('At most 6,155 credits');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.cost')).toHaveText('At most 1,231 credits');
});

test('a tried page is looked at, and the others are still there', async ({ page }) => {
  await openCollection(page, { as: 'local' });
  await page.getByRole('button', { name: 'Try 5 first' }).click();
  await expect(summary(page)).toHaveText(/4 of 5 worked, .* free/, TRIED);
  await page.getByRole('list', { name: 'Pages tried' }).getByRole('button').first().click();
  await expect(page.getByLabel('Page address')).toBeVisible();
  await page.getByRole('link', { name: 'Collections' }).click();
  await page.getByRole('main').getByText('Autumn price check', { exact: true }).first().click();
  await expect(summary(page)).toHaveText(/4 of 5 worked/);
});

test('a trial is cancelled, and says what may still be charged', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Try 5 first' }).click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByText('The service may still charge')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again with 5' })).toBeEnabled();
});

test('a run says what it is and costs, and a double click starts one', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: 'Run…' }).click();
  const question = page.getByRole('dialog', { name: dialog.title });
  await expect(question).toContainText('477 pages');
  await expect(question).toContainText('9 pages that need a look. They stay in the list.');
  await expect(question).toContainText('At most 2,385 credits');
  await expect(question).toContainText('41,250 credits');
  await expect(question).toContainText('Acme – production');
  await question.getByRole('button', { name: 'Run 477 pages' }).dblclick();
  await expect(page.getByLabel('Collection name')).toHaveCount(0);
  await page.getByRole('link', { name: 'Collections' }).first().click();
  await page.getByRole('main').getByText('Autumn price check', { exact: true }).first().click();
  await expect(
    page
      .getByText('Sending')
      .or(page.getByText(/^Running/))
      .first(),
  ).toBeVisible();
});

test('the keyboard alone leads to a run', async ({ page }) => {
  await openCollection(page, { as: 'local' });
  await grid(page).focus();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog', { name: dialog.title })).toContainText('Free');
  await expect(page.getByRole('button', { name: 'Run 477 pages' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: 'Run 477 pages' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Collection name')).toHaveCount(0);
});

for (const [what, switches, title] of [
  ['the credits', { as: 'empty' }, 'This can cost more than you have'],
  ['the budget', { as: 'cloud', budget: '500' }, 'This can cross your budget'],
] as const) {
  test(`a run that crosses ${what} asks a second time`, async ({ page }) => {
    await openCollection(page, switches);
    await page.getByRole('button', { name: 'Run…' }).click();
    await page.getByRole('button', { name: 'Run 477 pages' }).click();
    const second = page.getByRole('dialog', { name: title });
    await expect(second).toBeVisible();
    await expect(second.getByRole('button', { name: 'Do not run' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByLabel('Collection name'), 'nothing was started').toBeVisible();

    await page.getByRole('button', { name: 'Run…' }).click();
    await page.getByRole('button', { name: 'Run 477 pages' }).click();
    await second.getByRole('button', { name: 'Run all the same' }).click();
    await expect(page.getByLabel('Collection name')).toHaveCount(0);
  });
}

test('a price that has changed is asked about again', async ({ page }) => {
  await openCollection(page, { as: 'cloud', fail: 'start_run:price_changed' });
  await page.getByRole('button', { name: 'Run…' }).click();
  await page.getByRole('button', { name: 'Run 477 pages' }).click();
  await expect(page.getByRole('alert')).toContainText('The price has changed');
  await expect(page.getByRole('dialog')).toContainText('Nothing was started.');
  await expect(page.getByRole('button', { name: 'Run 477 pages' })).toBeEnabled();
});

test('another account has another price and other private pages', async ({ page }) => {
  await openCollection(page);
  await expect(page.locator('.cost')).toHaveText('At most 2,385 credits');
  await page.locator('.conn').click();
  await page.getByRole('menu').getByText('On this computer').click();
  await expect(page.locator('.cost')).toHaveText('Free');
  await expect(page.getByText('Your own connection', { exact: true })).toBeVisible();
});

test('earlier runs are listed and opened', async ({ page }) => {
  await openCollection(page);
  await page.getByRole('button', { name: /Run 13/ }).click();
  await expect(page.getByRole('heading', { name: 'Run 13', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Autumn price check' }).click();
  await page.getByRole('button', { name: 'All 14 runs' }).click();
  await expect(page.getByRole('heading', { name: 'Runs of Autumn price check' })).toBeVisible();
  await page.getByRole('button', { name: 'Autumn price check', exact: true }).click();
  await expect(page.getByLabel('Collection name')).toHaveValue('Autumn price check');
});
