// What the browser tests of the collection screen share.

import type { Locator, Page } from '@playwright/test';

import { expect, open } from './fixtures';

const NAME = 'Autumn price check';

/** Opens the collection of the sample list that is called so. */
export async function openCollection(
  page: Page,
  switches: Record<string, string> = { as: 'cloud' },
  name = NAME,
): Promise<void> {
  await chooseCollection(page, switches, name);
  await expect(page.getByLabel('Collection name')).toHaveValue(name);
  await expect(grid(page).or(page.getByText('No pages yet')).first()).toBeVisible();
}

/** Presses its name, whatever comes. */
export async function chooseCollection(
  page: Page,
  switches: Record<string, string>,
  name = NAME,
): Promise<void> {
  await open(page, switches);
  await page.getByRole('link', { name: 'Collections' }).click();
  await page
    .getByRole('main')
    .getByRole('link', { name, exact: true })
    .or(page.getByRole('main').getByRole('button', { name, exact: true }))
    .first()
    .click();
}

/** A new collection, without pages. */
export async function newCollection(page: Page, as = 'cloud'): Promise<void> {
  await open(page, { as });
  await page.getByRole('link', { name: 'Collections' }).click();
  await page.getByRole('main').getByRole('button', { name: 'New collection' }).first().click();
  const create = page.getByRole('button', { name: 'Create collection' });
  const empty = page.getByText('No pages yet');
  await expect(create.or(empty)).toBeVisible();
  if (await create.isVisible()) await create.click();
  await expect(empty).toBeVisible();
}

export function grid(page: Page): Locator {
  return page.getByRole('grid', { name: 'Pages' });
}

/** The row with this number, as it is drawn. */
export function row(page: Page, number: number): Locator {
  return grid(page).locator(`[role=row][aria-rowindex="${number + 1}"]`);
}

/** The short message with this text, and its Undo. */
export function toast(page: Page, text: string): Locator {
  return page.getByRole('group', { name: 'Message' }).filter({ hasText: text });
}

/** Drops a file on the window; the fake backend knows it by its name. */
export async function drop(page: Page, name: string): Promise<void> {
  await page.evaluate(
    (path) => window.dispatchEvent(new CustomEvent('fake-drop', { detail: path })),
    `/home/ana/${name}`,
  );
}

/** What a spreadsheet puts on the clipboard, pasted where the focus is. */
export async function pasteText(page: Page, text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('Control+v');
}
