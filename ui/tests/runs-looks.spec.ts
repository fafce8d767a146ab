// Every state of a run: a picture in both themes and sizes, and axe on each.

import { checkLooks, open } from './fixtures';
import { cause, grid, inspector, openRun, rows } from './runs-page';
import { expect, test } from './scrape-page';

test.describe.configure({ timeout: 120_000 });

const STATES = [
  { run: 'moving', words: 'Running' },
  { run: 'ended', words: 'Finished' },
  { run: 'clean', words: 'Finished' },
  { run: 'local', words: 'Running' },
  { run: 'stopped', words: 'You stopped watching this run' },
  { run: 'not-started', words: 'This run was never started' },
  { run: 'sending', words: 'Sending' },
  { run: 'no-key', words: 'The run waits' },
  { run: 'offline', words: 'goes on by itself' },
  { run: 'large', words: 'Finished' },
];
for (const { run, words } of STATES) {
  test(`a run: ${run}`, async ({ page }) => {
    await openRun(page, run);
    await expect(page.getByText(words).first()).toBeVisible();
    await expect(rows(page).or(page.getByText('No page here')).first()).toBeVisible();
    await checkLooks(page, `run-${run}`);
  });
}

test('a cause, and why trying again will not help', async ({ page }) => {
  await openRun(page, 'ended');
  await cause(page, /captcha/).click();
  await expect(page.getByText(/Can be tried again/)).toBeVisible();
  await checkLooks(page, 'run-cause');
  await cause(page, /does not exist/).click();
  await expect(page.getByText('Trying again will not help.')).toBeVisible();
  await checkLooks(page, 'run-cause-futile');
});

test('finding and choosing jobs', async ({ page }) => {
  await openRun(page, 'ended');
  await page.keyboard.press('Control+f');
  await page.getByLabel('Find a job').last().fill('canvas');
  await expect(page.getByText(/^\d+ found$/)).toBeVisible();
  await rows(page).nth(0).getByRole('checkbox').check();
  await rows(page).nth(2).getByRole('checkbox').check();
  await expect(page.getByText('2 pages chosen')).toBeVisible();
  await checkLooks(page, 'run-find');
});

test('a result of the run at full size, and a failed one', async ({ page }) => {
  await openRun(page, 'ended');
  await inspector(page).getByRole('button', { name: 'Open result' }).last().click();
  await expect(page.getByRole('tab', { name: 'Preview' })).toBeVisible();
  await checkLooks(page, 'run-result');
  await page.getByRole('button', { name: /Back to run/ }).click();
  await cause(page, /captcha/).click();
  await expect(rows(page).first()).toContainText('captcha');
  await grid(page).press('Enter');
  await expect(page.getByText('The credits were returned.')).toBeVisible();
  await checkLooks(page, 'run-result-failed');
});

test('retry', async ({ page }) => {
  await openRun(page, 'ended');
  await page.getByRole('button', { name: /^Retry \d+ failed…$/ }).click();
  await expect(page.getByRole('dialog', { name: 'Retry failed pages' })).toBeVisible();
  await checkLooks(page, 'run-retry');
});

test('export, of files, and while it is written', async ({ page }) => {
  await openRun(page, 'moving');
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Export \d+ results$/ });
  await expect(dialog).toBeVisible();
  await checkLooks(page, 'run-export');
  await dialog.getByText('ZIP', { exact: true }).click();
  await expect(dialog.getByText(/The first will be/)).toBeVisible();
  await checkLooks(page, 'run-export-files');
});

test('all runs of a collection, and two compared', async ({ page }) => {
  await openRun(page, 'moving');
  await page.getByRole('button', { name: 'More for this run' }).click();
  await page.getByRole('menuitem', { name: 'All runs of this collection' }).click();
  await page.getByLabel('Compare run 13').check();
  await page.getByLabel('Compare run 12').check();
  await checkLooks(page, 'run-history');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.getByText(/^Of \d+ pages: /)).toBeVisible();
  await checkLooks(page, 'run-comparison');
});

test('trouble: the run, its jobs, and the exports do not open', async ({ page }) => {
  await open(page, { as: 'cloud', run: 'moving', fail: 'run:storage' });
  await expect(page.getByRole('alert')).toBeVisible();
  await checkLooks(page, 'run-error');
});

test('with larger text, and at the narrowest', async ({ page }) => {
  await openRun(page, 'moving');
  await page.evaluate(() => (document.documentElement.style.fontSize = '125%'));
  await checkLooks(page, 'run-larger');
  await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
  await checkLooks(page, 'run-double');
});
