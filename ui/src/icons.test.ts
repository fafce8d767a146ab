import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

test('the names and the sprite hold the same icons', () => {
  const inSprite = matches('src/icons.svg', /id="i-([a-z0-9-]+)"/g);
  const named = matches('src/icons.ts', /\| '([a-z0-9-]+)'/g);
  expect(named).toEqual(inSprite);
});

function matches(path: string, pattern: RegExp): string[] {
  return [...readFileSync(path, 'utf8').matchAll(pattern)].map(([, name = '']) => name).sort();
}
