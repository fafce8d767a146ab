// What the table of pages is made of, without a window.

import { describe, expect, it } from 'vitest';

import { gridKey } from './keys';
import { Selection } from './selection.svelte';

describe('the selection', () => {
  it('is some of the pages', () => {
    const selection = new Selection();
    selection.toggle(3);
    selection.toggle(4);
    selection.toggle(3);
    expect([selection.has(3), selection.has(4), selection.count(9)]).toEqual([false, true, 1]);
    expect(selection.asked('c', 'tent', true)).toEqual({
      collection_id: 'c',
      all: false,
      ids: [4],
      find: 'tent',
      only_problems: true,
    });
  });

  it('is all of them but for some, without knowing any', () => {
    const selection = new Selection();
    selection.markAll();
    selection.toggle(7);
    expect(selection.count(50_000)).toBe(49_999);
    expect([selection.has(7), selection.has(8)]).toEqual([false, true]);
    expect(selection.asked('c', '', false)).toMatchObject({ all: true, ids: [7] });
    selection.replace([1, 2]);
    expect(selection.count(50_000), 'a new selection forgets the old one').toBe(2);
  });
});

describe('the keys', () => {
  const press = (key: string, rest: { mod?: boolean; shift?: boolean; alt?: boolean } = {}) =>
    gridKey({ key, mod: false, shift: false, alt: false, ...rest }, 10);

  it('move and extend', () => {
    expect(press('ArrowDown')).toEqual({ does: 'move', rows: 1, columns: 0, extend: false });
    expect(press('PageUp', { shift: true })).toMatchObject({ rows: -10, extend: true });
    expect(press('ArrowRight', { shift: true })).toMatchObject({ columns: 1, extend: false });
    expect(press('End', { mod: true })).toMatchObject({ does: 'to', row: 'last' });
    expect(press('Home')).toMatchObject({ does: 'to', row: 'same', column: 'first' });
  });

  it('edit, mark and remove', () => {
    expect(press('F2')).toEqual({ does: 'edit', typed: null });
    expect(press('x')).toEqual({ does: 'edit', typed: 'x' });
    expect(press('ñ')).toEqual({ does: 'edit', typed: 'ñ' });
    expect(press(' ')).toEqual({ does: 'mark' });
    expect(press('a', { mod: true })).toEqual({ does: 'mark-all' });
    expect(press('Delete')).toEqual({ does: 'remove' });
    expect(press('v', { mod: true })).toEqual({ does: 'paste' });
  });

  it('of others are left to them', () => {
    for (const key of ['Tab', 'F6', 'Shift', 'Control', 'F5']) expect(press(key), key).toBeNull();
    expect(press('ArrowUp', { alt: true })).toBeNull();
    expect(press('k', { mod: true }), 'the palette').toBeNull();
    expect(press('Enter', { mod: true }), 'run').toBeNull();
  });
});
