// Every state and view of the scrape screen: a picture in both themes and sizes, and axe on each.

import { checkLooks, open } from './fixtures';
import {
  addField,
  addStep,
  expect,
  openGroup,
  scrape,
  scrapeAll,
  SHOP,
  tab,
  test,
} from './scrape-page';

test.describe.configure({ timeout: 120_000 });

test('ready', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await expect(page.getByRole('heading', { name: 'Recent pages' })).toBeVisible();
  await checkLooks(page, 'scrape-ready');
});

test('ready, with the options hidden', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.keyboard.press('Control+i');
  await expect(page.getByText('Simple page, no proxy')).toBeAttached();
  await checkLooks(page, 'scrape-options-hidden');
});

test('options, filled in', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.getByLabel('Render in a real browser').check();
  await addField(page, 'name', '.card h2');
  await addField(page, 'link', '.card a');
  await page.getByRole('button', { name: 'More for link' }).click();
  await openGroup(page, 'Steps');
  await addStep(page, 'Click', '#accept');
  await addStep(page, 'Wait for something', '.grid');
  await addStep(page, 'Repeat steps', '.more');
  await page.locator('.steps').scrollIntoViewIfNeeded();
  await checkLooks(page, 'scrape-options');
});

test('each kind of step, open', async ({ page }) => {
  await open(page, { as: 'local' });
  for (const group of ['Page', 'Location', 'Extract', 'Steps']) await openGroup(page, group);
  for (const kind of [
    'Click',
    'Type',
    'Choose from a list',
    'Press a key',
    'Wait for something',
    'Wait a while',
    'Run a script',
    'Collect fields',
    'Repeat steps',
  ]) {
    await page.getByRole('button', { name: 'Add step', exact: true }).click();
    await page.getByRole('menuitem', { name: kind, exact: true }).click();
  }
  await page.getByRole('button', { name: 'Add step inside' }).click();
  await page.getByRole('menuitem', { name: 'Collect fields', exact: true }).click();
  await checkLooks(page, 'scrape-steps');
});

test('advanced options, open', async ({ page }) => {
  await open(page, { as: 'cloud' });
  for (const group of ['Page', 'Location', 'Extract', 'Advanced']) await openGroup(page, group);
  await page.getByLabel('Record what the page loads').check();
  await page.getByLabel('How to ask').selectOption('Send a form');
  await page.getByRole('button', { name: 'Add entry' }).click();
  await page.getByRole('button', { name: 'Edit headers' }).click();
  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByRole('button', { name: 'Edit do not load' }).click();
  await checkLooks(page, 'scrape-advanced');
});

test('countries', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.getByRole('button', { name: 'Visit from: No proxy' }).click();
  await page.getByLabel('Find a country').fill('argen');
  await expect(page.getByRole('option', { name: 'Argentina' })).toBeVisible();
  await checkLooks(page, 'scrape-countries');
});

test('running', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.getByLabel('Render in a real browser').check();
  await scrape(page, `${SHOP}/slow`);
  await expect(page.getByText(/^Usually/)).toBeVisible();
  await checkLooks(page, 'scrape-running');
});

const VIEWS = ['Preview', 'Screenshot', 'Data', 'Source', 'Markdown', 'Network', 'Details'];

test('the views of a full result', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await scrapeAll(page);
  for (const view of VIEWS) {
    await tab(page, view).click();
    await expect(
      page.getByRole('tabpanel', { name: view }).locator('.viewbar, .details dl').first(),
    ).toBeVisible();
    await checkLooks(page, `scrape-tab-${view.toLowerCase()}`);
  }
});

test('the views of a result that lacks parts', async ({ page }) => {
  await open(page, { as: 'local' });
  await scrape(page, SHOP);
  for (const view of ['Screenshot', 'Data', 'Network']) {
    await tab(page, view).click();
    await expect(page.getByRole('button', { name: 'Show me where' })).toBeVisible();
  }
  await checkLooks(page, 'scrape-absent');
});

const ENDS = [
  { name: 'blocked', where: 'captcha.example/price', words: 'What to try next' },
  { name: 'failed', where: 'shop.example/gone', words: 'Trying again will not help' },
  { name: 'file', where: 'shop.example/tents.pdf', words: 'A PDF document' },
  { name: 'problem', where: 'not an address', words: 'This does not look like a page address' },
];
for (const { name, where, words } of ENDS) {
  test(`a scrape that ends: ${name}`, async ({ page }) => {
    await open(page, { as: 'cloud' });
    await scrape(page, where);
    await expect(page.getByText(words).first()).toBeVisible();
    await checkLooks(page, `scrape-${name}`);
  });
}

const TROUBLES = [
  'unreachable',
  'rate_limited',
  'key_rejected',
  'service_problem',
  'quota_used_up',
];
for (const code of TROUBLES) {
  test(`a scrape that fails: ${code}`, async ({ page }) => {
    await open(page, { as: 'cloud', fail: `scrape:${code}` });
    await scrape(page, SHOP);
    await expect(page.locator('.trouble h2')).toBeVisible();
    await checkLooks(page, `scrape-${code.replaceAll('_', '-')}`);
  });
}
