// What the browser tests of runs share.

import type { Locator, Page } from '@playwright/test';

import { expect, open } from './fixtures';

/** Opens a run of the fake backend by its id, such as `moving`, and waits for its jobs. */
export async function openRun(
  page: Page,
  run: string,
  switches: Record<string, string> = {},
): Promise<void> {
  await open(page, { as: 'cloud', run, ...switches });
  await expect(page.getByRole('heading', { level: 1, name: /^Run \d+$/ })).toBeVisible();
}

export function grid(page: Page): Locator {
  return page.getByRole('grid', { name: 'Jobs table' });
}

/** Rows of the table, without its head. */
export function rows(page: Page): Locator {
  return grid(page).locator('[role=row][data-index]');
}

export function chosenRow(page: Page): Locator {
  return grid(page).locator('[role=row][aria-selected=true]');
}

export function inspector(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Selected job' });
}

export function filter(page: Page, name: RegExp): Locator {
  return page.getByRole('group', { name: 'Show jobs' }).getByRole('button', { name });
}

export function cause(page: Page, name: RegExp): Locator {
  return page.getByRole('group', { name: 'Why' }).getByRole('button', { name });
}

/** The run ends this many pages at once. */
export async function moveOn(page: Page, pages: number): Promise<void> {
  await page.evaluate((detail) => {
    window.dispatchEvent(new CustomEvent('fake-run-moves', { detail }));
  }, pages);
}

/** The text of the first row that is wholly or partly in view. */
export function firstSeen(page: Page): Promise<string> {
  return grid(page).evaluate((element) => {
    const head = element.querySelector('[role=row]')?.getBoundingClientRect().bottom ?? 0;
    const all = [...element.querySelectorAll('[role=row][data-index]')];
    const first = all.find((row) => row.getBoundingClientRect().bottom > head + 1);
    return first?.textContent?.trim() ?? '';
  });
}
