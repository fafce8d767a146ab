import { checkLooks, expect, open, test } from './fixtures';

test('the skip link comes first and leads to the work area', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.locator('.sidebar').waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test('the account menu switches accounts and gives the focus back', async ({ page }) => {
  await open(page, { as: 'cloud' });
  const pill = page.getByRole('button', { name: /Switch account/ });
  await pill.click();
  const menu = page.getByRole('menu');
  await expect(menu.getByRole('menuitemradio', { name: 'Acme – production' })).toBeChecked();
  await checkLooks(page, 'menu-account');
  await page.keyboard.press('Escape');
  await expect(pill).toBeFocused();
  await pill.press('Enter');
  await menu.getByRole('menuitemradio', { name: 'On this computer' }).click();
  await expect(page.getByText('No credits needed')).toBeVisible();
  await expect(page.getByText('You are working on this computer.')).toBeVisible();
});

test('service health shows its parts and gives the focus back', async ({ page }) => {
  await open(page, { as: 'cloud' });
  const pill = page.getByRole('button', { name: /Switch account/ });
  await pill.click();
  await page.getByRole('menuitem', { name: 'Service health' }).click();
  const health = page.getByRole('dialog', { name: 'Service health' });
  await expect(health.getByText('Everything works.')).toBeVisible();
  await expect(health.getByText(/needs no key and costs nothing/)).toBeVisible();
  await checkLooks(page, 'health');
  await page.keyboard.press('Escape');
  await expect(health).toBeHidden();
  await expect(pill).toBeFocused();
});

test('manage accounts leads to the settings', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.getByRole('button', { name: /Switch account/ }).click();
  await page.getByRole('menuitem', { name: 'Manage accounts…' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Accounts' })).toBeVisible();
});

const FEET = [
  { as: 'cloud', words: '41,250 of 100,000 credits left' },
  { as: 'low', words: '3,180 of 100,000 credits left' },
  { as: 'unknown', words: 'Credits not known yet' },
  { as: 'local', words: 'No credits needed' },
];

for (const { as, words } of FEET) {
  test(`the foot of the sidebar says “${words}”`, async ({ page }) => {
    await open(page, { as });
    await expect(page.locator('.gauge__text')).toHaveText(words);
  });
}

test('one banner at most, the most important one', async ({ page }) => {
  await open(page, { as: 'empty', notice: '' });
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('No credits left this month.')).toBeVisible();
  await expect(page.locator('.banner')).toHaveCount(1);
  await checkLooks(page, 'banner-no-credits');
  await page.getByRole('button', { name: 'Work on this computer' }).click();
  await expect(page.getByText('Your settings could not be read.')).toBeVisible();
  await checkLooks(page, 'banner-notice');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('You are working on this computer.')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.locator('.banner')).toHaveCount(0);
});

test('the palette finds places, actions and results by keyboard alone', async ({ page }) => {
  await open(page, { as: 'cloud' });
  const jump = page.getByRole('button', { name: /Jump to/ });
  await jump.focus();
  await page.keyboard.press('ControlOrMeta+k');
  const field = page.getByRole('combobox', { name: 'Search places, pages and actions' });
  await expect(field).toBeFocused();
  await expect(page.getByText('Trade price list')).toBeVisible();
  await page.keyboard.type('pri');
  await expect(page.getByRole('option', { name: /Trade price list/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(page.locator('mark').first()).toHaveText('pri');
  await checkLooks(page, 'palette');
  await page.keyboard.press('Escape');
  await expect(jump, 'Esc gives the focus back').toBeFocused();

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('appear');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tabpanel', { name: 'Appearance' })).toBeVisible();

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('zzzz');
  await expect(page.getByText('Nothing matches “zzzz”')).toBeVisible();
  await checkLooks(page, 'palette-nothing');
});

test('the keyboard map opens with ? and closes with Esc', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.getByRole('link', { name: 'Settings' }).focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await checkLooks(page, 'keys');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Settings' })).toBeFocused();
});

test('keys go to places, round the regions, and change the size', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.locator('.sidebar').waitFor();
  await page.keyboard.press('ControlOrMeta+,');
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await page.keyboard.press('F6');
  await expect(page.getByRole('button', { name: /Jump to/ })).toBeFocused();
  await page.keyboard.press('F6');
  await expect(page.locator('#main')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+1');
  await expect(page.getByRole('link', { name: 'Scrape' })).toHaveAttribute('aria-current', 'page');
  await page.keyboard.press('ControlOrMeta+=');
  await expect(page.locator('html')).toHaveCSS('font-size', '17.6px');
  await page.keyboard.press('ControlOrMeta+0');
  await expect(page.locator('html')).toHaveCSS('font-size', '16px');
});

test('a pressed link shows its whole address and opens only when asked', async ({ page }) => {
  await open(page, { as: 'cloud' });
  await page.locator('.sidebar').waitFor();
  const press = (address: string) =>
    page.evaluate(
      (detail) => window.dispatchEvent(new CustomEvent('fake-link', { detail })),
      address,
    );
  await press('javascript:alert(1)');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await press('https://nordlys-outfitters.example/tents?page=2#top');
  const dialog = page.getByRole('dialog', { name: 'Open this link?' });
  await expect(dialog.getByTestId('link-address')).toHaveText(
    'https://nordlys-outfitters.example/tents?page=2#top',
  );
  await expect(dialog.getByRole('button', { name: 'Stay here' })).toBeFocused();
  await checkLooks(page, 'link');
  await dialog.getByRole('button', { name: 'Open in your browser' }).click();
  await expect(dialog).toBeHidden();
});

test('zoomed to 200 % the settings are one column that scrolls', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await open(page, { as: 'cloud' });
  await page.keyboard.press('ControlOrMeta+,');
  await page.getByRole('heading', { name: 'Accounts' }).waitFor();
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(sideways, 'nothing scrolls sideways').toBe(false);
});
