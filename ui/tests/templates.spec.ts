import type { Page } from '@playwright/test';

import { checkLooks, open } from './fixtures';
import { address, expect, test } from './scrape-page';

const toasts = (page: Page, text: string) => page.getByText(text);

async function choose(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'Templates' }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

test('options are saved under a name and filled in again; the address stays', async ({ page }) => {
  await open(page, { as: 'local' });
  await address(page).fill('sample.shop/tents');
  await page.getByLabel('Render in a real browser').check();
  await choose(page, 'Save these options…');
  await page.getByRole('button', { name: 'Save template' }).click();
  await expect(page.getByText('Type a name.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('articles as markdown');
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is a template with this name.')).toBeVisible();
  await checkLooks(page, 'templates-save');
  await page.getByLabel('Name', { exact: true }).fill('Browser only');
  await page.keyboard.press('Enter');
  await expect(toasts(page, 'Saved the template “Browser only”')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Templates' })).toBeFocused();

  await choose(page, 'Shop list with prices');
  await expect(page.getByLabel('Take a screenshot')).toBeChecked();
  await expect(address(page)).toHaveValue('sample.shop/tents');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Take a screenshot')).not.toBeChecked();
  await expect(page.getByLabel('Render in a real browser')).toBeChecked();
});

test('templates are renamed, replaced and deleted with a way back', async ({ page }) => {
  await open(page, { as: 'local' });
  await choose(page, 'All templates…');
  await checkLooks(page, 'templates');
  await page.getByRole('button', { name: 'Rename: Articles as Markdown' }).click();
  await page.getByLabel('Name', { exact: true }).fill('News');
  await page.keyboard.press('Enter');
  await expect(page.getByText('News', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Replace with the options of now: Shop list' }).click();
  await expect(toasts(page, 'has the options of now')).toBeVisible();
  await page.getByRole('button', { name: 'Delete: News' }).click();
  await expect(page.getByText('News', { exact: true })).toBeHidden();
  await page.keyboard.press('Escape');
  await page
    .locator('.toast', { hasText: 'Deleted “News”' })
    .getByRole('button', { name: 'Undo' })
    .click();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('use template news');
  await expect(page.getByRole('option', { name: 'Use template: News' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(toasts(page, 'Using “News”')).toBeVisible();
});
