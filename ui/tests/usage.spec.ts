import { expect, expectAccessible, open } from './fixtures';
import { test } from './scrape-page';
import { openUsage } from './usage-page';

const CLOUD = { as: 'cloud' };

test('the screen is in the sidebar, the palette and the keys', async ({ page }) => {
  await open(page, CLOUD);
  const heading = page.getByRole('heading', { name: 'Usage & billing' });
  await page.keyboard.press('Control+6');
  await expect(heading).toBeVisible();
  await expect(page.getByRole('link', { name: 'Usage & billing' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await page.keyboard.press('Control+1');
  await expect(heading).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('usage');
  await page.keyboard.press('Enter');
  await expect(heading).toBeVisible();
});

test('it is asked for once, not over and over', async ({ page }) => {
  await openUsage(page, { as: 'cloud', slow: '' });
  const again = page.getByRole('button', { name: 'Ask the service again' });
  const states = await page.evaluate(async () => {
    const button = document.querySelector('[aria-label="Ask the service again"]');
    let changes = 0;
    const watch = new MutationObserver(() => (changes += 1));
    if (button) watch.observe(button, { attributes: true });
    await new Promise((done) => setTimeout(done, 600));
    return changes;
  });
  expect(states, 'nothing is asked while nobody asks').toBe(0);
  await again.click();
  await expect(again).toHaveAttribute('aria-busy', 'true');
  await expect(again).toHaveAttribute('aria-busy', 'false');
});

test('each chart has a sentence, and a table with the same numbers', async ({ page }) => {
  await openUsage(page, CLOUD);
  const chart = page.getByRole('img', { name: /^Credits per day\. 58,750 credits in 16 days/ });
  await expect(chart).toBeVisible();
  await expect(page.getByRole('img')).toHaveCount(4);
  await page
    .getByRole('group', { name: 'Show Credits per day as' })
    .getByRole('button', { name: 'Table' })
    .click();
  const table = page.getByRole('region', { name: 'Table of Credits per day' });
  await expect(table.getByRole('row')).toHaveCount(17);
  await expect(table.getByRole('row', { name: /15 October/ })).toContainText('5,930');
  const totals = await table.locator('tbody tr td:nth-child(4)').allTextContents();
  const sum = totals.reduce((all, text) => all + Number(text.replace(/,/g, '')), 0);
  await expect(page.locator('.tile').first()).toContainText(sum.toLocaleString('en-GB'));
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Usage & billing' }).click();
  await expect(table, 'the choice is remembered').toBeVisible();
});

test('the charts draw every bar, and follow the theme', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openUsage(page, CLOUD);
  const card = page.getByRole('region', { name: 'Credits per day' });
  await expect(card.locator('.chart__svg path[fill="#2a5cda"]'), 'a bar a day').toHaveCount(16);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(card.locator('.chart__svg path[fill="#6e98f2"]')).toHaveCount(16);
  await expect(card.locator('[style]:not(.chart):not(.chart__tip)')).toHaveCount(0);
});

test('a day opens its hours by pointer and by keyboard', async ({ page }) => {
  await openUsage(page, CLOUD);
  const chart = page.getByRole('img', { name: /^Credits per day/ });
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart has a place');
  await page.mouse.move(box.x + 50 + ((box.width - 54) / 31) * 14.5, box.y + 100);
  await expect(page.locator('.chart__tip')).toHaveText(
    '15 October: 4,210 real browser, 1,720 simple',
  );
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByRole('heading', { name: 'Hours of 15 October' })).toBeVisible();
  await expect(page.locator('#usage-hours')).toBeFocused();
  await page.getByRole('button', { name: 'Hide the hours' }).click();
  await expect(page.getByRole('heading', { name: 'Hours of 15 October' })).toBeHidden();
  await page.getByRole('button', { name: 'Hours of 16 October' }).press('Enter');
  await expect(
    page.getByRole('img', { name: /^Hours of 16 October\. [\d,]+ pages/ }),
  ).toBeVisible();
});

test('another month, and none that has not begun', async ({ page }) => {
  await openUsage(page, CLOUD);
  await expect(page.getByRole('button', { name: /the month after/ })).toBeDisabled();
  await page.getByRole('button', { name: 'September 2026, the month before' }).click();
  await expect(page.getByText('83,450').first()).toBeVisible();
  await expect(page.getByText('Average a day')).toBeVisible();
  await page.getByRole('button', { name: 'September 2026', exact: true }).click();
  const months = page.getByRole('dialog', { name: 'Choose a month' });
  await expect(months.getByRole('button', { name: 'Nov 2026' })).toBeDisabled();
  await expect(months.getByRole('button', { name: 'Year after' })).toBeDisabled();
  await months.getByRole('button', { name: 'Oct 2026' }).click();
  await expect(page.getByText('58,750').first()).toBeVisible();
});

test('a chart is saved as a table and as a picture', async ({ page }) => {
  await openUsage(page, CLOUD);
  const pictures = page.evaluate(
    () =>
      new Promise<string>((done) =>
        window.addEventListener(
          'fake-picture',
          (event) => event instanceof CustomEvent && done(String(event.detail)),
        ),
      ),
  );
  await page.getByRole('button', { name: 'Save By website' }).click();
  await page.getByRole('menuitem', { name: 'Table (CSV)…' }).click();
  await expect(page.getByText('Saved Usage by website 2026-10.csv')).toBeVisible();
  await page.getByRole('button', { name: 'Save By website' }).click();
  await page.getByRole('menuitem', { name: 'Picture (PNG)…' }).click();
  await expect(page.getByText('Saved Usage by website 2026-10.png')).toBeVisible();
  const svg = await pictures;
  expect(svg).toContain('nordlys-outfitters.example has the most');
  expect(svg, 'nothing of the page is needed to read it').not.toMatch(/var\(|style=|class="chart/);
  const readable = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror'),
    svg,
  );
  expect(readable, 'well-formed').toBeNull();
});

test('a budget is kept, and what is no number is named and stays', async ({ page }) => {
  await openUsage(page, CLOUD);
  const budget = page.getByLabel('My budget');
  await budget.fill('a lot');
  await budget.press('Enter');
  await expect(page.getByText(/Type a whole number of credits/)).toBeVisible();
  await expect(budget).toHaveValue('a lot');
  await budget.fill('2 000');
  await budget.press('Enter');
  await expect(page.getByText(/has spent 2,100 this month: more than your budget/)).toBeVisible();
  await expect(budget).toHaveValue('2,000');
});

test('a page that crosses the budget is sent only when that is agreed to', async ({ page }) => {
  await open(page, { as: 'cloud', budget: '2100' });
  await page.getByLabel('Page address').fill('shop.example/tents');
  await expect(page.getByText(/This crosses your budget of 2,100 credits/)).toBeVisible();
  await page.getByRole('button', { name: 'Scrape', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'This page can cross your budget' });
  await expect(question).toContainText('2,100 of it are spent');
  await question.getByRole('button', { name: 'Do not scrape' }).click();
  await expect(page.getByRole('tab', { name: 'Preview' })).toBeHidden();
  await expect(page.getByLabel('Page address'), 'nothing is lost').toHaveValue(
    'shop.example/tents',
  );
  await page.getByRole('button', { name: 'Scrape', exact: true }).click();
  await question.getByRole('button', { name: 'Scrape all the same' }).click();
  await expect(page.getByRole('tab', { name: 'Preview' })).toBeVisible();
});

test('days asked for one by one are told, and what is known shows when one has enough', async ({
  page,
}) => {
  await open(page, { as: 'cloud', usage: 'slow' });
  await page.getByRole('link', { name: 'Usage & billing' }).click();
  await expect(page.getByText('Asking day by day: 3 of 16 days.')).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Days asked about' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show what is known' }).click();
  await expect(page.getByText('13 days could not be asked about')).toBeVisible();
});

test('both books stand beside each other and their difference is explained', async ({ page }) => {
  await openUsage(page, CLOUD);
  const ledger = page.getByRole('region', { name: 'This app and the service' });
  await expect(ledger.getByRole('row', { name: /Credits/ })).toContainText('56,650');
  await expect(ledger.getByText(/2 calls ended without the service saying/)).toBeVisible();
  await expect(ledger.getByText(/also used elsewhere/)).toBeVisible();
});

test('free-form answers show whatever they are, and the rest goes on', async ({ page }) => {
  await openUsage(page, { as: 'cloud', usage: 'odd' });
  const sites = page.getByRole('region', { name: 'Websites as the service tells them' });
  await expect(sites.getByRole('row', { name: /by site › shop › deep › 1/ })).toContainText('12');
  await expect(page.getByText('3 more values came than are shown here.').first()).toBeVisible();
  await expect(
    page.getByText('13 days could not be asked about and are missing here.'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Hours of 16 October' }).click();
  await expect(page.getByText('The service tells no hours of this day.')).toBeVisible();
  await page.getByRole('button', { name: 'Show metrics' }).click();
  const metrics = page.getByRole('region', { name: 'Values of the metrics' });
  await expect(metrics.getByRole('row')).toHaveCount(4);
});

test('metrics that this account may not see are said to be so', async ({ page }) => {
  await openUsage(page, { as: 'cloud', usage: 'several' });
  await page.getByLabel('Of what').selectOption('Proxies');
  await page.getByRole('button', { name: 'Show metrics' }).click();
  await expect(page.getByText('does not show these figures to this account')).toBeVisible();
});

test('one part that fails leaves the others', async ({ page }) => {
  await openUsage(page, {
    as: 'cloud',
    fail: 'usage_days:service_problem,usage_trend:no_answer,plans:unreachable',
  });
  await expect(page.getByText('Scraping Pros has a problem right now')).toBeVisible();
  await expect(page.getByText('No answer in time')).toBeVisible();
  await expect(page.locator('.tile').first()).toContainText('58,750');
  await expect(page.getByRole('img', { name: /^By website/ })).toBeVisible();
});

test('another account shows its own figures', async ({ page }) => {
  await openUsage(page, CLOUD);
  await page.getByRole('button', { name: /Switch account/ }).click();
  await page.getByRole('menuitemradio', { name: 'On this computer' }).click();
  await expect(page.getByText('Work on this computer is free.')).toBeVisible();
  await expect(page.getByLabel('My budget'), 'nothing is paid here').toBeHidden();
});
