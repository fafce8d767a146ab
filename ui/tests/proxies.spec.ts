import { checkLooks, expect, open, test } from './fixtures';
import type { Page } from '@playwright/test';

async function proxies(page: Page, switches: Record<string, string> = {}) {
  await open(page, { as: 'cloud', ...switches });
  await page.getByRole('link', { name: 'Proxies' }).click();
  await expect(page.getByRole('heading', { name: 'Proxies' })).toBeVisible();
}

const sheet = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const tile = (page: Page, name: string | RegExp) =>
  page.getByRole('list').getByRole('button', { name });

test('the countries look right and are accessible', async ({ page }) => {
  await proxies(page);
  await expect(tile(page, /Argentina/)).toBeVisible();
  await checkLooks(page, 'proxies');
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await checkLooks(page, 'proxies-list');
  await page.reload();
  await page.getByRole('link', { name: 'Proxies' }).click();
  await expect(
    page.getByRole('button', { name: 'List', exact: true }),
    'the choice is remembered',
  ).toHaveAttribute('aria-pressed', 'true');
});

test('a country is found without accents, in its own language, and with a slip', async ({
  page,
}) => {
  await proxies(page);
  const find = page.getByLabel('Search countries');
  for (const [typed, name] of [
    ['deutsch', 'Germany'],
    ['espana', 'Spain'],
    ['cl', 'Chile'],
    ['argentnia', 'Argentina'],
    ['cote d', 'Côte d’Ivoire'],
  ] as const) {
    await find.fill(typed);
    await expect(tile(page, new RegExp(name)), typed).toBeVisible();
  }
  await find.fill('Atlantis');
  await expect(page.getByText('No country of this name')).toBeVisible();
  await checkLooks(page, 'proxies-none');
  await page.getByRole('button', { name: 'Show all countries' }).click();
  await expect(tile(page, /Argentina/)).toBeVisible();
});

test('a country is asked for, with a reason, and waits', async ({ page }) => {
  await proxies(page);
  await tile(page, /^Chile/).click();
  const request = sheet(page, 'Request Chile');
  await expect(request.getByLabel('Why do you need this country?')).toBeFocused();
  await request.getByRole('button', { name: 'Local prices' }).click();
  await expect(request.getByLabel('Why do you need this country?')).toHaveValue(/Chile/);
  await checkLooks(page, 'proxies-request');
  await request.getByRole('button', { name: 'Send request' }).click();
  await expect(request).toBeHidden();
  await expect(page.getByText('Asked for Chile')).toBeVisible();
  await tile(page, /Chile.*Pending/).click();
  await expect(sheet(page, 'Chile')).toContainText('Waiting for approval');
  await checkLooks(page, 'proxies-pending');
});

test('what the service refuses loses nothing that was typed', async ({ page }) => {
  await proxies(page, { fail: 'request_country:service_problem' });
  await tile(page, /^Chile/).click();
  const request = sheet(page, 'Request Chile');
  await request.getByLabel('Why do you need this country?').fill('Prices in pesos');
  await request.getByRole('button', { name: 'Send request' }).click();
  await expect(request.getByRole('alert')).toBeVisible();
  await expect(request.getByLabel('Why do you need this country?')).toHaveValue('Prices in pesos');
  await request.getByLabel('Why do you need this country?').fill('x'.repeat(1_001));
  await request.getByRole('button', { name: 'Send request' }).click();
  await expect(request.getByText('Shorten it to 1,000 characters.')).toBeVisible();
});

test('an approval is told, and used at once', async ({ page }) => {
  await proxies(page, { approves: 'MX' });
  await expect(page.getByText('Mexico is approved')).toBeVisible();
  await page.getByRole('button', { name: 'Use it now' }).click();
  await expect(page.getByRole('button', { name: 'Visit from: Mexico' })).toBeVisible();
});

test('on this computer a country gets a proxy of one’s own', async ({ page }) => {
  await proxies(page, { as: 'local' });
  await tile(page, /^Germany/).click();
  const form = sheet(page, 'Proxy for Germany');
  const address = form.getByLabel('Address of the proxy');
  await expect(address).toBeFocused();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText(/Enter it like proxy.example/)).toBeVisible();
  await address.fill('dead.example:8080');
  await form.getByLabel('Password', { exact: true }).fill('secret');
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form.getByText(/could not be reached/)).toBeVisible();
  await checkLooks(page, 'own-proxy');
  await address.fill('proxy.example:8080');
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form.getByText(/The proxy works/)).toBeVisible();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The proxy for Germany is kept')).toBeVisible();

  await tile(page, /Germany.*With a proxy/).click();
  await form.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tile(page, /Germany.*With a proxy/)).toBeVisible();
});

test('a country that can’t be used leads to its proxy', async ({ page }) => {
  await open(page, { as: 'local', fail: 'scrape:country_not_approved' });
  await page.getByRole('button', { name: /^Visit from/ }).click();
  await page.getByLabel('Find a country').fill('germ');
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is no proxy for Germany on this computer yet.')).toBeVisible();
  await page.getByLabel('Page address').fill('https://shop.example/');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Open Proxies' }).click();
  await expect(sheet(page, 'Proxy for Germany')).toBeVisible();
});
