import { expect, test } from 'vitest';

import type { ExportChoices } from '../../backend';
import { toRemember } from './export-choices';

const choices: ExportChoices = {
  which: 'successful',
  format: 'zip',
  label_and_address: false,
  fields: true,
  failures: true,
  file_names: '{label}',
};

test('an export is remembered, but for the pages that were chosen', () => {
  expect(toRemember(choices)).toEqual(choices);
  expect(toRemember({ ...choices, which: 'chosen' })).toEqual({ ...choices, which: 'all' });
});
