import { checkLooks, expect, open, test } from './fixtures';

const PANES = ['Accounts', 'Appearance', 'Saving', 'Runs', 'Network', 'About'];

test.beforeEach(async ({ page }, { title }) => {
  if (title.includes('refused')) return;
  await open(page, { as: 'cloud' });
  await page.getByRole('link', { name: 'Settings' }).click();
});

for (const pane of PANES) {
  test(`the ${pane} pane looks right and is accessible`, async ({ page }) => {
    await page.getByRole('tab', { name: pane }).click();
    await expect(page.getByRole('tabpanel', { name: pane })).toBeVisible();
    await checkLooks(page, `settings-${pane.toLowerCase()}`);
  });
}

test('arrows move between the panes', async ({ page }) => {
  await page.getByRole('tab', { name: 'Accounts' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('tab', { name: 'Appearance' })).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('tab', { name: 'About' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('tab', { name: 'Accounts' })).toBeFocused();
});

test('removing an account asks, starts on the safe button, and gives the focus back', async ({
  page,
}) => {
  const more = page.getByRole('button', { name: 'More for Acme – tests' });
  await more.click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const question = page.getByRole('alertdialog', { name: 'Remove “Acme – tests”?' });
  await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await checkLooks(page, 'confirm');
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(more, 'the focus returns to where the question came from').toBeFocused();

  await more.click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove account' }).click();
  await expect(more).toBeHidden();
  await expect(page.getByText('Removed Acme – tests')).toBeVisible();
});

test('an account is added, renamed and given a new key', async ({ page }) => {
  await page.getByRole('button', { name: 'Add account…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add account' });
  const key = dialog.getByLabel('Your API key');
  await expect(key).toBeFocused();
  await checkLooks(page, 'add-account');
  await key.fill('sp_live_bad');
  await dialog.getByRole('button', { name: 'Add account' }).click();
  await expect(dialog.getByText(/The key was not accepted/)).toBeVisible();
  await key.fill('sp_live_77aa9912');
  await dialog.getByLabel('Name (optional)').fill('Side project');
  await dialog.getByRole('radio', { name: 'Until I quit' }).check();
  await dialog.getByRole('button', { name: 'Add account' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('•••• 9912')).toBeVisible();

  await page.getByRole('button', { name: 'More for Side project' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  const rename = page.getByRole('dialog', { name: 'Rename account' });
  await rename.getByLabel('Name').fill('Weekend project');
  await page.keyboard.press('Enter');
  await expect(rename).toBeHidden();

  await page.getByRole('button', { name: 'More for Weekend project' }).click();
  await page.getByRole('menuitem', { name: 'Replace key…' }).click();
  const replace = page.getByRole('dialog', { name: /Replace the key of/ });
  await replace.getByLabel('New key').fill('sp_live_55bb1234');
  await replace.getByRole('button', { name: 'Replace key' }).click();
  await expect(page.getByText('•••• 1234')).toBeVisible();
});

test('the theme and the text size apply at once', async ({ page }) => {
  await page.getByRole('tab', { name: 'Appearance' }).click();
  await page.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByText('Larger', { exact: true }).click();
  await expect(page.locator('html')).toHaveCSS('font-size', '20px');
  await checkLooks(page, 'settings-appearance-larger');
});

test('a private address is added, removed and put back', async ({ page }) => {
  await page.getByRole('tab', { name: 'Network' }).click();
  const field = page.getByLabel('Name or number');
  await field.fill('not a host');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText(/Only the name, with a port/)).toBeVisible();
  await field.fill('http://Intranet:8080/wiki');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('intranet:8080', { exact: true })).toBeVisible();
  await checkLooks(page, 'settings-network-hosts');
  await page.getByRole('button', { name: 'Remove intranet:8080' }).click();
  await expect(page.getByText('intranet:8080 was removed')).toBeVisible();
  await checkLooks(page, 'toast-undo');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('intranet:8080', { exact: true })).toBeVisible();
});

test('the time limit must be a number that makes sense', async ({ page }) => {
  await page.getByRole('tab', { name: 'Network' }).click();
  const limit = page.getByLabel('Give up after');
  await limit.fill('7');
  await limit.press('Enter');
  await expect(page.getByText('Type a whole number from 10 to 600.')).toBeVisible();
  await limit.fill('240');
  await limit.press('Enter');
  await expect(page.getByText('Type a whole number from 10 to 600.')).toBeHidden();
});

test('a monthly budget is a number of credits, or none', async ({ page }) => {
  await page.getByRole('tab', { name: 'Runs' }).click();
  const budget = page.getByLabel('Monthly budget');
  await expect(budget).toHaveValue('');
  await budget.fill('a lot');
  await budget.press('Enter');
  await expect(page.getByText(/Type a whole number of credits/)).toBeVisible();
  await expect(budget).toHaveValue('a lot');
  await checkLooks(page, 'settings-runs-budget');
  await budget.fill('20000');
  await budget.press('Enter');
  await expect(page.getByText(/Type a whole number of credits/)).toBeHidden();
  await expect(budget).toHaveValue('20,000');
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByRole('tab', { name: 'Runs' }).click();
  await expect(budget, 'it was kept').toHaveValue('20,000');
  await budget.fill('');
  await budget.press('Enter');
  await expect(budget).toHaveAttribute('placeholder', 'None');

  const tell = page.getByRole('switch', { name: 'Tell me when a run ends' });
  await expect(tell).toBeChecked();
  await tell.click();
  await expect(tell).not.toBeChecked();
});

test('a change that is refused goes back and says why', async ({ page }) => {
  await open(page, { as: 'cloud', fail: 'update_settings:storage' });
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Saving' }).click();
  const ask = page.getByRole('switch', { name: 'Ask where to save each time' });
  await ask.click();
  await expect(page.getByText('This could not be written to disk')).toBeVisible();
  await expect(ask).toBeChecked();
  await checkLooks(page, 'settings-refused');
});
