// What the browser tests share: the page in its states, the check against WCAG 2.2 AA, pictures.

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect, type Page, test as base } from '@playwright/test';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = '../target/ui-shots';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const SIZES = [
  { name: '1280', width: 1280, height: 800 },
  { name: '960', width: 960, height: 640 },
];
export const THEMES = ['light', 'dark'] as const;

/** Fails a test when the page met an error or the content security policy stopped something. */
export const test = base.extend<{ quiet: undefined }>({
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await use(undefined);
      expect(complaints, 'the page must not complain in its console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens the page with the switches of the fake backend, such as `{ as: 'cloud' }`. */
export async function open(page: Page, switches: Record<string, string> = {}): Promise<void> {
  // As in the app's window, where no script may change what every object inherits.
  await page.addInitScript(() => Object.freeze(Object.prototype));
  await page.goto(`/?${new URLSearchParams(switches)}`);
  await page.locator('main#main').waitFor();
}

/** No violation of WCAG 2.2 A and AA, nor of axe's best practice. */
export async function expectAccessible(page: Page): Promise<void> {
  // The policy of the page lets no script in, so the checker comes by the debugger.
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { runOnly: tags });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
  }, RULES);
  expect(violations, 'axe finds no violation').toEqual([]);
}

/** Looks at the page in both themes and both sizes: picture and accessibility each time. */
export async function checkLooks(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const { name: size, width, height } of SIZES) {
      await page.setViewportSize({ width, height });
      await settle(page);
      await page.screenshot({ path: `${SHOTS}/${name}-${theme}-${size}.png` });
      await expectAccessible(page);
    }
  }
}

/** Two frames: layout and paint are done. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}
