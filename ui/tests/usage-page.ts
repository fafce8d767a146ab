// The usage screen as the browser tests meet it.

import type { Page } from '@playwright/test';

import { expect, open } from './fixtures';

export async function openUsage(page: Page, switches: Record<string, string> = {}): Promise<void> {
  await open(page, switches);
  await page.getByRole('link', { name: 'Usage & billing' }).click();
  await expect(page.getByRole('heading', { name: 'Usage & billing' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ask the service again' })).toHaveAttribute(
    'aria-busy',
    'false',
  );
  // The charts are a part of the page that comes later.
  const charts = page.locator('.chart__svg');
  await expect(page.locator('.chart__svg > svg')).toHaveCount(await charts.count());
}
