// What a run lets a person do: watch, find, look, try again.

import type { Page } from '@playwright/test';

import { open } from './fixtures';
import {
  cause,
  chosenRow,
  filter,
  firstSeen,
  grid,
  inspector,
  moveOn,
  openRun,
  rows,
} from './runs-page';
import { expect, test } from './scrape-page';

async function countOf(page: Page, name: RegExp): Promise<number> {
  const text = (await filter(page, name).textContent()) ?? '';
  return Number(text.replace(/\D/g, ''));
}

test('the numbers add up, in the head, the filters and the sentence', async ({ page }) => {
  await openRun(page, 'offline');
  const success = await countOf(page, /Success/);
  const failed = await countOf(page, /Failed/);
  const timedOut = await countOf(page, /Timed out/);
  const waiting = await countOf(page, /Waiting/);
  const notTaken = await countOf(page, /Not taken/);
  const all = await countOf(page, /All/);
  expect(success + failed + timedOut + waiting, 'queued').toBe(486);
  expect(486 + notTaken, 'all that were sent').toBe(all);
  await expect(page.getByText(/Of 500 pages in the list, 486 went into this run/)).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Run progress' })).toHaveAttribute(
    'aria-valuetext',
    `40 of 486 pages done: ${success} success, ${failed} failed, ${timedOut} timed out, ${waiting} waiting`,
  );
  await page.getByRole('button', { name: 'Show those' }).click();
  await expect(filter(page, /Not taken/)).toHaveAttribute('aria-pressed', 'true');
  await expect(rows(page)).toHaveCount(notTaken);
});

test('new jobs arrive on top, and the chosen one stays chosen', async ({ page }) => {
  await openRun(page, 'moving');
  const first = await chosenRow(page).textContent();
  await moveOn(page, 3);
  await expect
    .poll(async () => Number(await chosenRow(page).getAttribute('aria-rowindex')), {
      message: 'it moved down',
    })
    .toBeGreaterThanOrEqual(5);
  expect(await chosenRow(page).textContent()).toBe(first);
  await expect(inspector(page).getByRole('button', { name: 'Previous job' })).toBeEnabled();
});

test('what is looked at further down does not jump while jobs arrive', async ({ page }) => {
  await openRun(page, 'moving');
  await expect(rows(page).first()).toContainText('/tents/');
  await grid(page).hover();
  await page.mouse.wheel(0, 36 * 60);
  await expect.poll(() => firstSeen(page)).not.toContain('TNT-0316');
  const seen = await firstSeen(page);
  const before = await grid(page).evaluate((element) => element.scrollTop);
  await moveOn(page, 25);
  await expect
    .poll(() => grid(page).evaluate((element) => element.scrollTop), { timeout: 10_000 })
    .toBeGreaterThanOrEqual(before + 25 * 36);
  expect(await firstSeen(page), 'the same row is at the top').toBe(seen);
});

test('the end of a run is said once, and the run is finished', async ({ page }) => {
  await openRun(page, 'moving');
  await moveOn(page, 500);
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await expect(
    page.getByRole('status').getByText(/Run 14 has finished: \d+ success/),
  ).toBeAttached();
  await expect(page.getByText(/Took/)).toBeVisible();
  await expect(filter(page, /Waiting/), 'nothing waits any more').toHaveCount(0);
});

test('a cause shows its pages only, says what to do, and is let go again', async ({ page }) => {
  await openRun(page, 'ended');
  await cause(page, /captcha/).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '18');
  await expect(page.getByText('A real browser often gets through.').first()).toBeVisible();
  await expect(page.getByText(/at most 85 credits/)).toBeVisible();
  await cause(page, /does not exist/).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '6');
  await expect(page.locator('.jobs__advice').getByRole('button')).toHaveCount(0);
  await cause(page, /does not exist/).click();
  await expect(filter(page, /All/)).toHaveAttribute('aria-pressed', 'true');
  await filter(page, /Timed out/).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '11');
  await expect(rows(page).first()).toContainText('did not answer in time');
});

test('jobs are found by address and label; nothing found has a way back', async ({ page }) => {
  await openRun(page, 'ended');
  await page.keyboard.press('Control+f');
  const field = page.getByRole('searchbox', { name: 'Find a job' });
  await expect(field).toBeFocused();
  await field.fill('TNT-0042');
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByText('1 found')).toBeVisible();
  await field.fill('nothing like it');
  await page.getByRole('button', { name: 'Show all pages' }).click();
  await expect(rows(page).nth(5)).toBeVisible();
  await field.press('Escape');
  await expect(field).toBeHidden();
});

test('heads sort up, down, and back to the order of the list', async ({ page }) => {
  await openRun(page, 'ended');
  const head = page.getByRole('columnheader', { name: 'Time' });
  await expect(rows(page).first()).toContainText('TNT-0005');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect(rows(page).first()).toContainText('1 min');
  await head.getByRole('button').click();
  await expect(head).toHaveAttribute('aria-sort', 'none');
  await expect(rows(page).first()).toContainText('TNT-0005');
});

test('the keyboard goes through the table, opens a result, and comes back', async ({ page }) => {
  await openRun(page, 'ended');
  await filter(page, /Success/).click();
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '452');
  await grid(page).focus();
  await page.keyboard.press('End');
  await expect(chosenRow(page)).toHaveAttribute('aria-rowindex', '452');
  await expect(chosenRow(page)).toBeInViewport();
  await page.keyboard.press('Home');
  for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowDown');
  await expect(chosenRow(page)).toHaveAttribute('aria-rowindex', '32');
  const label = (await chosenRow(page).textContent())?.match(/TNT-\d+/)?.[0] ?? '';
  await expect(inspector(page)).toContainText(label);
  await page.keyboard.press('Enter');
  await expect(page.getByText('31 of 451', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Back to run 13' })).toBeFocused();
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('32 of 451', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Previous' }).click();
  await expect(page.getByText('31 of 451', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(grid(page)).toBeFocused();
  await expect(filter(page, /Success/)).toHaveAttribute('aria-pressed', 'true');
  await expect(chosenRow(page)).toContainText(label);
  await expect(chosenRow(page)).toBeInViewport();
});

test('a look at a result loses no place', async ({ page }) => {
  await openRun(page, 'ended');
  await expect(rows(page).first()).toContainText('/tents/');
  await grid(page).hover();
  await page.mouse.wheel(0, 36 * 100 + 7);
  await expect.poll(() => firstSeen(page)).toContain('TNT-0105');
  await inspector(page).getByRole('button', { name: 'Open result' }).last().click();
  await expect(page.getByText('1 of 494', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(() => firstSeen(page)).toContain('TNT-0105');
});

test('Space ticks the chosen row, for the export', async ({ page }) => {
  await openRun(page, 'ended');
  await expect(chosenRow(page)).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByText('2 pages chosen')).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByText('1 page chosen')).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByText('1 page chosen')).toBeHidden();
});

test('results that are gone, late or were never sent are shown as what they are', async ({
  page,
}) => {
  await openRun(page, 'ended');
  await cause(page, /2 more/).click();
  await cause(page, /has deleted the result/).click();
  await expect(inspector(page).getByText('It keeps results for a day.')).toBeVisible();
  await cause(page, /has lost the result/).click();
  await expect(inspector(page).getByText(/Ask its support for the credits back/)).toBeVisible();
  await expect(inspector(page).getByRole('button', { name: 'Open result' })).toHaveCount(0);
  await openRun(page, 'moving');
  await filter(page, /Waiting/).click();
  await expect(inspector(page).getByText('Not ready yet')).toBeVisible();
  await openRun(page, 'not-started');
  await expect(inspector(page).getByText('It was never sent')).toBeVisible();
});

test('a failed page leads to the scrape screen', async ({ page }) => {
  await openRun(page, 'ended');
  await cause(page, /captcha/).click();
  await inspector(page).getByRole('button', { name: 'Show on the Scrape screen' }).click();
  await expect(page.getByRole('heading', { name: 'What to try next' })).toBeVisible();
});

test('watching is stopped with its consequence said, and taken up again', async ({ page }) => {
  await openRun(page, 'moving');
  await page.getByRole('button', { name: 'More for this run' }).click();
  await page.getByRole('menuitem', { name: 'Stop watching…' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question.getByText(/goes on with the \d+ pages .* may charge/)).toBeVisible();
  await question.getByRole('button', { name: 'Stop watching' }).click();
  await expect(page.getByText('Not watched', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Watch again' }).click();
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await moveOn(page, 30);
  await expect(page.locator('.runstats')).toContainText(/34\d of 486/);
});

test('a run that waits for its key leads to the key', async ({ page }) => {
  await openRun(page, 'no-key');
  await page.getByRole('button', { name: 'Enter the key…' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Accounts' })).toBeVisible();
});

test('a run that is not there, and jobs that cannot be read, say so', async ({ page }) => {
  await open(page, { as: 'cloud', run: 'nowhere' });
  await expect(page.getByText('This run is not there any more.')).toBeVisible();
  await open(page, { as: 'cloud', run: 'ended', fail: 'run_jobs:storage' });
  await expect(page.getByRole('alert')).toContainText('could not be written to disk');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test.describe('100,000 jobs', () => {
  test('the last one is reached at 225 % zoom, by keys, by the scroll bar and by the wheel', async ({
    page,
  }) => {
    await openRun(page, 'large');
    await page.evaluate(() => (document.documentElement.style.fontSize = '225%'));
    const last = rows(page).last();
    await expect(grid(page)).toHaveAttribute('aria-rowcount', '100009');
    await expect
      .poll(() =>
        rows(page)
          .first()
          .evaluate((row) => row.getBoundingClientRect().height),
      )
      .toBe(81);

    await grid(page).focus();
    await page.keyboard.press('End');
    await expect(last).toHaveAttribute('aria-rowindex', '100009');
    await expect(last).toHaveAttribute('aria-selected', 'true');
    await expect(last).toBeInViewport({ ratio: 0.9 });
    await expect(last).toContainText('There is another page like it');

    await page.keyboard.press('Home');
    await expect(rows(page).first()).toHaveAttribute('aria-rowindex', '2');
    await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(last).toHaveAttribute('aria-rowindex', '100009');
    await expect(last).toBeInViewport({ ratio: 0.9 });

    await page.keyboard.press('Home');
    const first = rows(page).first();
    await expect(first).toHaveAttribute('aria-rowindex', '2');
    const top = (await first.boundingBox())?.y ?? 0;
    await grid(page).hover();
    await page.mouse.wheel(0, 81);
    await expect
      .poll(async () => (await first.boundingBox())?.y, { message: 'one row, not two' })
      .toBeCloseTo(top - 81, -0.5);
    expect(await rows(page).count(), 'only what is in view is drawn').toBeLessThan(40);
  });

  test.describe('with the zoom of the system', () => {
    test.use({ viewport: { width: 569, height: 356 }, deviceScaleFactor: 2.25 });

    test('the last one is reached too', async ({ page }) => {
      await openRun(page, 'large');
      await grid(page).focus();
      await page.keyboard.press('End');
      const last = rows(page).last();
      await expect(last).toHaveAttribute('aria-rowindex', '100009');
      await expect(last).toContainText('There is another page like it');
      await last.scrollIntoViewIfNeeded();
      await expect(last).toBeInViewport();
    });
  });
});
