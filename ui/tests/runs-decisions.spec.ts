// What is decided about a run: trying again, taking its results out, comparing it.

import { expect, open } from './fixtures';
import { cause, filter, grid, moveOn, openRun, rows } from './runs-page';
import { test } from './scrape-page';

test.describe('retry', () => {
  test('causes are chosen, the ceiling is their sum, and the new run opens', async ({ page }) => {
    await openRun(page, 'ended');
    await page.getByRole('button', { name: 'Retry 30 failed…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry failed pages' });
    await expect(dialog.getByText('At most 98 credits', { exact: true })).toBeVisible();
    await expect(dialog.getByRole('checkbox', { name: /does not exist/ })).toHaveCount(0);
    await expect(dialog.getByText(/Trying again will not help: The site answered/)).toBeVisible();
    for (const name of [/did not answer/, /has deleted/, /has lost/]) {
      await dialog.getByRole('checkbox', { name }).uncheck();
    }
    await expect(dialog.getByText('At most 85 credits', { exact: true })).toBeVisible();
    await dialog.getByRole('button', { name: 'Retry 17 pages' }).click();
    await expect(page.getByRole('heading', { name: 'Run 15' })).toBeVisible();
    await expect(page.locator('.runstats')).toContainText('of 17');
  });

  test('a double press starts one run', async ({ page }) => {
    await openRun(page, 'ended');
    await page.getByRole('button', { name: 'Retry 30 failed…' }).click();
    await page.getByRole('button', { name: 'Retry 30 pages' }).dblclick();
    await expect(page.getByRole('heading', { name: 'Run 15' })).toBeVisible();
    await page.getByRole('button', { name: 'More for this run' }).click();
    await page.getByRole('menuitem', { name: 'All runs of this collection' }).click();
    await expect(page.getByRole('button', { name: /^Run \d+$/ })).toHaveText([
      'Run 15', // the way back
      ...Array.from({ length: 15 }, (_, at) => `Run ${15 - at}`),
    ]);
  });

  test('a price that has changed is asked about again, and nothing was sent', async ({ page }) => {
    await openRun(page, 'moving');
    await page.getByRole('button', { name: /^Retry \d+ failed…$/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry failed pages' });
    const before = await dialog.locator('.cost').textContent();
    await moveOn(page, 100);
    await dialog.getByRole('button', { name: /^Retry \d+ pages$/ }).click();
    await expect(dialog.getByText('The price has changed')).toBeVisible();
    expect(await dialog.locator('.cost').textContent(), 'the new sum').not.toBe(before);
    await expect(page.getByText('Run 14', { exact: true })).toBeVisible();
    await dialog.getByRole('button', { name: /^Retry \d+ pages$/ }).click();
    await expect(page.getByRole('heading', { name: 'Run 15' })).toBeVisible();
  });

  test('a retry that can cross the budget asks a second time', async ({ page }) => {
    await openRun(page, 'ended', { budget: '2150' });
    await page.getByRole('button', { name: 'Retry 30 failed…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry failed pages' });
    await dialog.getByRole('button', { name: 'Retry 30 pages' }).click();
    await expect(dialog.getByRole('alert')).toContainText('Your own budget is 2,150 credits');
    await expect(page.getByRole('heading', { name: 'Run 15' }), 'nothing began').toBeHidden();
    await dialog.getByRole('checkbox', { name: /captcha/ }).uncheck();
    await expect(dialog.getByRole('alert'), 'another price, another question').toBeHidden();
    await dialog.getByRole('button', { name: /^Retry \d+ pages$/ }).click();
    await expect(page.getByRole('heading', { name: 'Run 15' })).toBeVisible();
  });

  test('a failure is told in the dialog, and keeps what was chosen', async ({ page }) => {
    await openRun(page, 'ended', { fail: 'retry_run:quota_used_up' });
    await cause(page, /captcha/).click();
    await page.getByRole('button', { name: 'Retry 17…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry failed pages' });
    await dialog.getByRole('button', { name: 'Retry 17 pages' }).click();
    await expect(dialog.getByRole('alert')).toContainText('No credits left this month');
    await expect(dialog.getByRole('checkbox', { name: /captcha/ })).toBeChecked();
    await expect(dialog.getByRole('checkbox', { name: /did not answer/ })).not.toBeChecked();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Retry 17…' })).toBeFocused();
  });
});

test.describe('export', () => {
  test('is remembered, shows how far it is, and tells where the file is', async ({ page }) => {
    await openRun(page, 'ended');
    await page.getByRole('button', { name: 'Export…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export 451 results' });
    await expect(dialog.getByRole('radio', { name: /Excel/ })).toBeFocused();
    await expect(dialog.getByText('The run is still going')).toHaveCount(0);
    await dialog.getByText('CSV', { exact: true }).click();
    await dialog.getByText(/Also list the 35 that failed/).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Export…' }).click();
    await expect(page.getByRole('progressbar', { name: 'Export' })).toBeVisible();
    await expect(page.getByText(/^Exported 486 pages to .*\.csv/)).toBeVisible();
    await expect(page.getByText(/1 result not on this computer any more/)).toBeVisible();
    await page.getByRole('button', { name: 'Show in folder' }).click();
    await page.getByRole('button', { name: 'Export…' }).click();
    await expect(page.getByRole('radio', { name: /CSV/ })).toBeChecked();
    await expect(page.getByRole('checkbox', { name: /Also list the 35/ })).toBeChecked();
  });

  test('can be cancelled, and Esc does not lose it half way', async ({ page }) => {
    await openRun(page, 'ended');
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Export…' }).click();
    const bar = page.getByRole('progressbar', { name: 'Export' });
    await expect(bar).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(bar).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('Cancelled. Nothing was written.')).toBeVisible();
    await expect(page.locator('.toast')).toHaveCount(0);
  });

  test('takes the pages that were ticked, also many at once', async ({ page }) => {
    await openRun(page, 'ended');
    await filter(page, /Success/).click();
    await expect(grid(page)).toHaveAttribute('aria-rowcount', '452');
    await rows(page).nth(1).getByRole('checkbox').click();
    await rows(page)
      .nth(8)
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await expect(page.getByText('8 pages chosen')).toBeVisible();
    await page.getByRole('button', { name: 'Export these…' }).click();
    await expect(
      page.getByRole('radio', { name: 'Only the ones chosen in the table (8)' }),
    ).toBeChecked();
    await expect(page.getByRole('dialog', { name: 'Export 8 results' })).toBeVisible();
  });

  test('names of files are tried out, and a wrong one is told at its field', async ({ page }) => {
    await openRun(page, 'ended');
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('dialog').getByText('Folder', { exact: true }).click();
    const field = page.getByLabel('Names of the files');
    await page.getByRole('button', { name: '{label}', exact: true }).click();
    await expect(page.getByText('TNT-0005.html')).toBeVisible();
    await field.fill('{labl}');
    await expect(field).toHaveAccessibleDescription(/\{labl\} is not known/);
    await page.getByRole('dialog').getByRole('button', { name: 'Export…' }).click();
    await expect(page.getByRole('progressbar', { name: 'Export' })).toHaveCount(0);
  });

  test('a failure is told, and can be tried again', async ({ page }) => {
    await openRun(page, 'ended', { fail: 'export_run:storage' });
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Export…' }).click();
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('disk');
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  });
});

test.describe('history', () => {
  test('two runs are compared, changed pages only', async ({ page }) => {
    await openRun(page, 'moving');
    await page.getByRole('button', { name: 'More for this run' }).click();
    await page.getByRole('menuitem', { name: 'All runs of this collection' }).click();
    await expect(page.getByRole('heading', { name: 'Runs of Autumn price check' })).toBeVisible();
    await expect(page.getByLabel('Compare run 11'), 'it was never started').toBeDisabled();
    await page.getByLabel('Compare run 13').check();
    await page.getByLabel('Compare run 12').check();
    await expect(page.getByLabel('Compare run 10')).toBeDisabled();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Run 12 and run 13' })).toBeVisible();
    const chips = page.getByRole('group', { name: 'Show pages' });
    await expect(chips.getByRole('button', { name: /^Changed/ })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    const table = page.getByRole('grid', { name: 'Comparison' });
    await expect(table.getByText('The same')).toHaveCount(0);
    await chips.getByRole('button', { name: /^Other values/ }).click();
    await expect(table.locator('[data-index="0"]')).toContainText(/price: € .* → € /);
    await table.focus();
    await page.keyboard.press('ArrowDown');
    await expect(
      page.getByRole('complementary', { name: 'What changed on this page' }),
    ).toContainText('price');
    await page.getByRole('button', { name: 'All runs' }).click();
    await page.getByRole('button', { name: 'Run 12', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Run 12', level: 1 })).toBeVisible();
  });

  test('a history that cannot be read says so', async ({ page }) => {
    await open(page, { as: 'cloud', run: 'ended', fail: 'runs:storage' });
    await page.getByRole('button', { name: 'More for this run' }).click();
    await page.getByRole('menuitem', { name: 'All runs of this collection' }).click();
    await expect(page.getByRole('alert')).toContainText('disk');
  });
});
