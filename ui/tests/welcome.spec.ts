import { checkLooks, expect, open, test } from './fixtures';

const KEY = 'sp_live_3c9b1f4f9c';

test('the three ways look right and are accessible', async ({ page }) => {
  await open(page, { as: 'new' });
  await expect(page.getByLabel('Your API key')).toBeFocused();
  await checkLooks(page, 'welcome');
});

test('pasting a key checks it at once and connecting opens the scrape screen', async ({ page }) => {
  await open(page, { as: 'new' });
  await page.evaluate((key) => navigator.clipboard.writeText(key), KEY);
  await page.getByLabel('Your API key').press('ControlOrMeta+v');
  await expect(page.getByText('The key works. Growth plan. 41,250 credits left.')).toBeVisible();
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await expect(page.getByRole('button', { name: /My account.*Switch account/ })).toBeVisible();
});

test('a refused key is reported under its field and Connect stays enabled', async ({ page }) => {
  await open(page, { as: 'new' });
  const field = page.getByLabel('Your API key');
  const connect = page.getByRole('button', { name: 'Connect' });
  await connect.click();
  await expect(page.getByText('Paste your key here.')).toBeVisible();
  await field.fill('sp_live_bad');
  await connect.click();
  await expect(page.getByText(/The key was not accepted/)).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toBeFocused();
  await expect(connect).toBeEnabled();
  await checkLooks(page, 'welcome-refused');
});

test('a locked keychain offers to keep the key until the app quits', async ({ page }) => {
  await open(page, { as: 'new', fail: 'add_account:keychain_locked' });
  await page.getByLabel('Your API key').fill(KEY);
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByText('The keychain is locked')).toBeVisible();
  await checkLooks(page, 'welcome-keychain');
  await page.getByRole('button', { name: 'Keep it until I quit' }).click();
  await expect(page.getByText('Your key will be forgotten when you quit.')).toBeVisible();
});

test('the key can be shown and hidden, and the server address stays out of the way', async ({
  page,
}) => {
  await open(page, { as: 'new' });
  const field = page.getByLabel('Your API key');
  await expect(field).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show the key' }).click();
  await expect(field).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Hide the key' }).click();
  await expect(field).toHaveAttribute('type', 'password');
  await expect(page.getByLabel('Server address')).toBeHidden();
  await page.locator('summary', { hasText: 'Server address' }).click();
  const server = page.getByRole('textbox', { name: 'Server address' });
  await expect(server).toBeVisible();
  await server.fill('http://127.0.0.1:8080');
  await expect(page.getByText('This address is not encrypted.')).toBeHidden();
  await server.fill('http://10.0.0.5:8080');
  await expect(page.getByText('This address is not encrypted.')).toBeVisible();
  await server.fill('https://10.0.0.5');
  await expect(page.getByText('This address is not encrypted.')).toBeHidden();
});

test('work on this computer needs one press', async ({ page }) => {
  await open(page, { as: 'new' });
  await page.getByRole('button', { name: 'Work on this computer' }).click();
  await expect(page.getByText('No credits needed')).toBeVisible();
});

test('the demo that cannot be reached says so and offers another try', async ({ page }) => {
  await open(page, { as: 'new', fail: 'add_demo_account:unreachable' });
  await page.getByRole('button', { name: 'Use the demo account' }).click();
  await expect(page.getByText('This computer cannot reach Scraping Pros')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('a start that fails is told with its details', async ({ page }) => {
  await open(page, { fail: 'start:storage' });
  await expect(page.getByRole('heading', { name: 'Scraping Pros could not start' })).toBeVisible();
  await page.getByText('Technical details').click();
  await expect(page.getByRole('button', { name: 'Copy' })).toBeVisible();
  await checkLooks(page, 'start-failed');
});
