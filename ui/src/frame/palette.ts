// Which entries of the palette match what is typed, best first, and which letters to mark.

import type { IconName } from '../icons';

export type PaletteGroup = 'Places' | 'Actions' | 'Accounts' | 'Collections' | 'Recent results';

export interface PaletteEntry {
  id: string;
  group: PaletteGroup;
  label: string;
  icon: IconName;
  hint?: string;
  /** Found by someone else already: shown even when its label does not match. */
  found?: boolean;
  run: () => void;
}

export interface PaletteMatch {
  entry: PaletteEntry;
  pieces: Piece[];
}

export interface Piece {
  text: string;
  marked: boolean;
}

const WORD_START = 100;
const INSIDE = 60;
const SCATTERED = 20;

/** Groups keep together; the group with the best match comes first. */
export function rank(entries: PaletteEntry[], query: string): PaletteMatch[] {
  const wanted = query.trim().toLowerCase();
  const scored = entries.flatMap((entry) => {
    const hit = match(entry.label, wanted) ?? (entry.found ? { score: 1, at: [] } : null);
    return hit ? [{ entry, score: hit.score, pieces: split(entry.label, hit.at) }] : [];
  });
  const best = new Map<PaletteGroup, number>();
  for (const { entry, score } of scored) {
    best.set(entry.group, Math.max(score, best.get(entry.group) ?? 0));
  }
  const groupOrder = [...best.keys()].sort((a, b) => (best.get(b) ?? 0) - (best.get(a) ?? 0));
  return scored
    .sort(
      (a, b) =>
        groupOrder.indexOf(a.entry.group) - groupOrder.indexOf(b.entry.group) || b.score - a.score,
    )
    .map(({ entry, pieces }) => ({ entry, pieces }));
}

/** An address that was typed or pasted, ready to scrape; null when it is none. */
export function addressIn(query: string): string | null {
  const text = query.trim();
  return /^(https?:\/\/\S+|[\w-]+(\.[\w-]+)+(:\d+)?(\/\S*)?)$/i.test(text) ? text : null;
}

function match(label: string, wanted: string): { score: number; at: number[] } | null {
  if (wanted === '') return { score: 1, at: [] };
  const text = label.toLowerCase();
  const start = wordStart(text, wanted);
  if (start >= 0) return { score: WORD_START - start, at: run(start, wanted.length) };
  const inside = text.indexOf(wanted);
  if (inside >= 0) return { score: INSIDE - inside, at: run(inside, wanted.length) };
  return scattered(text, wanted);
}

function scattered(text: string, wanted: string): { score: number; at: number[] } | null {
  const at: number[] = [];
  let from = 0;
  for (const letter of wanted.replace(/\s+/g, '')) {
    const found = text.indexOf(letter, from);
    if (found < 0) return null;
    at.push(found);
    from = found + letter.length;
  }
  const spread = (at.at(-1) ?? 0) - (at[0] ?? 0);
  return spread > wanted.length * 3 ? null : { score: Math.max(2, SCATTERED - spread), at };
}

function split(label: string, at: number[]): Piece[] {
  const marked = new Set(at);
  const pieces: Piece[] = [];
  for (let index = 0; index < label.length; index += 1) {
    const letter = label.charAt(index);
    const last = pieces.at(-1);
    if (last && last.marked === marked.has(index)) last.text += letter;
    else pieces.push({ text: letter, marked: marked.has(index) });
  }
  return pieces;
}

function run(start: number, length: number): number[] {
  return Array.from({ length }, (_, index) => start + index);
}

function wordStart(text: string, wanted: string): number {
  let at = text.indexOf(wanted);
  while (at > 0 && /[\p{L}\p{N}]/u.test(text.charAt(at - 1))) at = text.indexOf(wanted, at + 1);
  return at;
}
