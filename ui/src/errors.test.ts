import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { ACTION_LABELS, asAppError, ERROR_WORDS, errorSentence } from './errors';

/** The codes as Rust exports them. */
function codesOfRust(): string[] {
  const bindings = readFileSync('src/backend/bindings.ts', 'utf8');
  const union = /export type ErrorCode =([\s\S]*?);\n\n/.exec(bindings)?.[1] ?? '';
  return [...union.matchAll(/"([a-z_]+)"/g)].map(([, code = '']) => code);
}

test('every code of Rust has words, and no words are left over', () => {
  const codes = codesOfRust();
  expect(codes.length, 'the bindings hold the codes').toBeGreaterThan(15);
  expect(Object.keys(ERROR_WORDS).sort()).toEqual(codes.sort());
});

test.each(Object.entries(ERROR_WORDS))(
  '%s speaks plainly',
  (_code, { title, whatToDo, action }) => {
    expect(title, 'a title is a label, without a full stop').toMatch(/[^.!]$/);
    expect(whatToDo, 'advice is a sentence').toMatch(/\.$/);
    expect(`${title} ${whatToDo}`, 'no jargon and no alarm').not.toMatch(
      /!|oops|\berror\b|\brequest\b|\burl\b|\btoken\b|endpoint|payload/i,
    );
    if (action) expect(ACTION_LABELS[action]).toBeTruthy();
  },
);

test('what a command rejects with passes through, anything else becomes unexpected', () => {
  const known = { code: 'storage', message: 'No room.', details: null, problems: [] };
  expect(asAppError(known)).toBe(known);
  expect(asAppError(new TypeError('x is undefined'))).toMatchObject({
    code: 'unexpected',
    details: 'TypeError: x is undefined',
  });
  expect(asAppError('command scrape not found').details).toBe('command scrape not found');
  expect(asAppError({ code: 'toString' }).code, 'only codes of the table count').toBe('unexpected');
});

test('the core’s own sentence comes before the general advice', () => {
  const error = asAppError(null);
  expect(errorSentence({ ...error, message: 'No room on /data.' })).toBe('No room on /data.');
  expect(errorSentence(error)).toBe(ERROR_WORDS.unexpected.whatToDo);
});
