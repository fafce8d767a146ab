import { expect, it } from 'vitest';

import { emptyForm, isDefault, sendable } from './form';

it('knows a form with nothing but an address', () => {
  expect(isDefault(emptyForm('http://shop.example'))).toBe(true);
  expect(isDefault({ ...emptyForm(), retry_on_block: true })).toBe(false);
});

it('sends what was meant', () => {
  const form = { ...emptyForm('a'), location: 'DE', block_requests: [' ads ', '', '  '] };
  expect(sendable(form)).toEqual({ ...form, block_requests: ['ads'] });
});
