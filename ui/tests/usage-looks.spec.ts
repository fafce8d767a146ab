// Every state of the usage screen: a picture in both themes and sizes, and axe on each.

import { checkLooks, expect, open, test } from './fixtures';
import { openUsage } from './usage-page';

test.describe.configure({ timeout: 120_000 });

const STATES: { name: string; switches: Record<string, string>; words: string }[] = [
  { name: 'cloud', switches: { as: 'cloud' }, words: 'credits run out around 27 October' },
  { name: 'budget', switches: { as: 'cloud', budget: '2000' }, words: 'more than your budget' },
  { name: 'local', switches: {}, words: 'Work on this computer is free.' },
  { name: 'several', switches: { as: 'cloud', usage: 'several' }, words: 'By client' },
  { name: 'odd', switches: { as: 'cloud', usage: 'odd' }, words: 'in a form of its own' },
  { name: 'kept', switches: { as: 'cloud', usage: 'kept' }, words: 'what it said before' },
  { name: 'early', switches: { as: 'cloud', usage: 'early' }, words: 'too early for a forecast' },
  { name: 'none', switches: { as: 'cloud', usage: 'none' }, words: 'No website was scraped' },
  { name: 'error', switches: { as: 'cloud', fail: 'usage:unreachable' }, words: 'cannot reach' },
];
for (const { name, switches, words } of STATES) {
  test(`usage: ${name}`, async ({ page }) => {
    await openUsage(page, switches);
    await expect(page.getByText(words).first()).toBeVisible();
    await checkLooks(page, `usage-${name}`);
  });
}

test('the lower half: outcomes, both books, metrics', async ({ page }) => {
  await openUsage(page, { as: 'cloud' });
  await page.getByRole('button', { name: 'Show metrics' }).click();
  await expect(page.getByRole('region', { name: 'Values of the metrics' })).toBeVisible();
  await page.getByRole('button', { name: 'Show metrics' }).scrollIntoViewIfNeeded();
  await page.locator('.usage').evaluate((body) => body.scrollTo(0, body.scrollHeight));
  await checkLooks(page, 'usage-lower');
});

test('the tables, the hours and the months', async ({ page }) => {
  await openUsage(page, { as: 'cloud' });
  for (const button of await page.getByRole('button', { name: 'Table', exact: true }).all()) {
    await button.click();
  }
  await page.getByRole('button', { name: '15 October: show its hours' }).click();
  await expect(page.getByText('Hours of 15 October').first()).toBeVisible();
  await checkLooks(page, 'usage-tables');
  await page.getByRole('button', { name: 'October 2026' }).click();
  await expect(page.getByRole('dialog', { name: 'Choose a month' })).toBeVisible();
  await checkLooks(page, 'usage-months');
});

test('plans', async ({ page }) => {
  await openUsage(page, { as: 'cloud' });
  await page.getByRole('button', { name: 'See plans' }).click();
  await expect(page.getByRole('dialog', { name: 'Plans' })).toBeVisible();
  await checkLooks(page, 'usage-plans');
});

test('a page that would cross the budget is asked about', async ({ page }) => {
  await open(page, { as: 'cloud', budget: '2000' });
  await page.getByLabel('Page address').fill('shop.example/tents');
  await page.getByRole('button', { name: 'Scrape', exact: true }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await checkLooks(page, 'scrape-budget');
});

test('with larger text, and at the narrowest', async ({ page }) => {
  await openUsage(page, { as: 'cloud' });
  await page.evaluate(() => (document.documentElement.style.fontSize = '125%'));
  await checkLooks(page, 'usage-larger');
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await checkLooks(page, 'usage-double');
});
