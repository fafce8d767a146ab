// What the browser tests of the scrape screen share.

import type { Locator, Page } from '@playwright/test';

import { expect, test as plain } from './fixtures';

export { expect };

/** Fails when the page complains; what a scraped page in its frame complains about is its own. */
export const test = plain.extend({
  quiet: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const ours = !message.location().url.startsWith('data:');
      if (ours && message.type() === 'error') complaints.push(message.text());
    });
    await use(undefined);
    expect(complaints, 'the page must not complain in its console').toEqual([]);
  },
});

export const SHOP = 'http://sample.shop/tents';

export function address(page: Page): Locator {
  return page.getByLabel('Page address');
}

/** Types an address and sends it. */
export async function scrape(page: Page, where: string): Promise<void> {
  await address(page).fill(where);
  await page.getByRole('button', { name: 'Scrape', exact: true }).click();
}

/** Asks for everything the sample shop can give, and waits for the result. */
export async function scrapeAll(page: Page): Promise<void> {
  await page.getByLabel('Render in a real browser').check();
  await page.getByLabel('Take a screenshot').check();
  await addField(page, 'name', '.card h2');
  await openGroup(page, 'Advanced');
  await page.getByLabel('Record what the page loads').check();
  await scrape(page, SHOP);
  await expect(tab(page, 'Preview'), 'the result is there').toBeVisible();
}

export async function addField(page: Page, name: string, where: string): Promise<void> {
  await page.getByRole('button', { name: 'Add by hand' }).click();
  await page.getByLabel('Field name').last().fill(name);
  await page.getByLabel(`Where ${name} is on the page`).fill(where);
}

export async function addStep(page: Page, kind: string, where?: string): Promise<void> {
  await page.getByRole('button', { name: 'Add step', exact: true }).click();
  await page.getByRole('menuitem', { name: kind, exact: true }).click();
  const step = page.locator('.steps > .step').last();
  if (where !== undefined) {
    const field = step.getByLabel('Where on the page').first();
    await expect(field, 'a new step takes the focus').toBeFocused();
    await field.fill(where);
  }
  await step.locator('.step__open').first().click();
}

export async function openGroup(page: Page, title: string): Promise<void> {
  await page.locator('.inspector summary', { hasText: title }).click();
}

export function tab(page: Page, name: string): Locator {
  return page.getByRole('tab', { name });
}

/** The steps as they read, in order. */
export function steps(page: Page): Promise<string[]> {
  return page
    .locator('.steps > .step > .step__open')
    .evaluateAll((rows) => rows.map((row) => (row.textContent ?? '').replace(/\s+/g, ' ').trim()));
}
