/** What a key does in the table of pages. */

export type GridKey =
  | { does: 'move'; rows: number; columns: number; extend: boolean }
  | {
      does: 'to';
      row: 'first' | 'last' | 'same';
      column: 'first' | 'last' | 'same';
      extend: boolean;
    }
  | { does: 'edit'; typed: string | null }
  | { does: 'mark' | 'mark-all' | 'unmark' | 'remove' | 'copy' | 'paste' };

interface Pressed {
  key: string;
  mod: boolean;
  shift: boolean;
  alt: boolean;
}

/** None for keys that are not the table's. */
export function gridKey({ key, mod, shift, alt }: Pressed, page: number): GridKey | null {
  if (alt) return null;
  if (mod) return withMod(key.toLowerCase(), shift);
  const move = (rows: number, columns: number): GridKey => ({
    does: 'move',
    rows,
    columns,
    extend: shift && rows !== 0,
  });
  switch (key) {
    case 'ArrowDown':
      return move(1, 0);
    case 'ArrowUp':
      return move(-1, 0);
    case 'ArrowRight':
      return move(0, 1);
    case 'ArrowLeft':
      return move(0, -1);
    case 'PageDown':
      return move(page, 0);
    case 'PageUp':
      return move(-page, 0);
    case 'Home':
      return { does: 'to', row: 'same', column: 'first', extend: false };
    case 'End':
      return { does: 'to', row: 'same', column: 'last', extend: false };
    case 'Enter':
    case 'F2':
      return { does: 'edit', typed: null };
    case ' ':
      return { does: 'mark' };
    case 'Escape':
      return { does: 'unmark' };
    case 'Delete':
    case 'Backspace':
      return { does: 'remove' };
    default:
      return [...key].length === 1 ? { does: 'edit', typed: key } : null;
  }
}

function withMod(key: string, shift: boolean): GridKey | null {
  switch (key) {
    case 'a':
      return { does: 'mark-all' };
    case 'c':
      return { does: 'copy' };
    case 'v':
      return { does: 'paste' };
    case 'home':
      return { does: 'to', row: 'first', column: 'same', extend: shift };
    case 'end':
      return { does: 'to', row: 'last', column: 'same', extend: shift };
    default:
      return null;
  }
}
