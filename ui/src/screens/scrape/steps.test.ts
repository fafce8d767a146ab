import { describe, expect, it } from 'vitest';

import { changeKind, move, newStep, pastedFields, STEP_KINDS, stepNote, stepText } from './steps';

describe('a step in words', () => {
  const cases: [Parameters<typeof newStep>[0], object, string, string][] = [
    ['click', { selector: 'css:#more', optional: true }, 'Click #more', 'Skip if it is not there'],
    ['input', { selector: '#q', text: 'tent' }, 'Type tent in #q', ''],
    ['select', { selector: '#size', text: 'XL' }, 'Choose XL in #size', ''],
    ['key_press', {}, 'Press Enter', ''],
    ['wait_for', { selector: '.grid' }, 'Wait for .grid', 'Up to 5 seconds'],
    [
      'wait_for',
      { selector: '.spin', state: 'hidden' },
      'Wait until .spin is gone',
      'Up to 5 seconds',
    ],
    ['wait', { time: 1500 }, 'Wait 1.5 seconds', ''],
    ['script', { text: 'scroll()\nmore()' }, 'Run scroll()', 'Up to 30 seconds'],
    ['repeat', { selector: '.more', max_rounds: 1 }, 'Repeat while .more shows', 'At most 1 time'],
    [
      'repeat',
      { selector: '.end', while_visible: false },
      'Repeat until .end shows',
      'At most 20 times',
    ],
  ];
  it.each(cases)('%s %o', (kind, change, sentence, note) => {
    const step = { ...newStep(kind), ...change };
    expect(stepText(step), 'the sentence').toBe(sentence);
    expect(stepNote(step), 'the quiet line').toBe(note);
  });

  it('names the fields it collects', () => {
    const step = newStep('collect');
    step.extract = [
      { name: 'price', selector: '.p', attribute: '', multiple: true },
      { name: '', selector: '', attribute: '', multiple: false },
    ];
    expect(stepText(step), 'an empty row is no field').toBe('Collect 1 field');
    expect(stepNote(step)).toBe('price');
  });

  it('has words for all nine kinds', () => {
    expect(STEP_KINDS).toHaveLength(9);
    for (const { kind } of STEP_KINDS) expect(stepText(newStep(kind)), kind).not.toBe('');
  });
});

it('changing what a step does keeps all that was typed', () => {
  const step = { ...newStep('click'), selector: '#a', time: 0 };
  changeKind(step, 'wait_for');
  changeKind(step, 'collect');
  changeKind(step, 'click');
  expect(step.selector).toBe('#a');
  expect(step.time, 'a missing time gets the usual one').toBe(5_000);
  expect(step.extract, 'a collect step starts with one row').toHaveLength(1);
});

it('moves an entry, and says when it cannot', () => {
  const list = ['a', 'b', 'c'];
  expect(move(list, 2, 0)).toBe(true);
  expect(list).toEqual(['c', 'a', 'b']);
  expect(move(list, 0, -1), 'beyond the start').toBe(false);
  expect(move(list, 2, 3), 'beyond the end').toBe(false);
  expect(list, 'a refused move changes nothing').toEqual(['c', 'a', 'b']);
});

it('reads rows pasted from a spreadsheet', () => {
  expect(pastedFields('name\t.card h2\nlink\ta.card\thref\tall\n')).toEqual([
    { name: 'name', selector: '.card h2', attribute: '', multiple: false },
    { name: 'link', selector: 'a.card', attribute: 'href', multiple: true },
  ]);
  expect(pastedFields('.card h2'), 'one value is an ordinary paste').toEqual([]);
});
