/** Puts search hits into the spans of a line of text. */
import type { TextHit, TextSpan } from '../../backend';

export interface Piece {
  kind: TextSpan['kind'];
  text: string;
  hit: 'none' | 'hit' | 'current';
}

/** `hits` are those of this line, in order; they may cross spans. */
export function piecesOf(spans: TextSpan[], hits: TextHit[], current: TextHit | null): Piece[] {
  if (hits.length === 0) return spans.map((span) => ({ ...span, hit: 'none' as const }));
  const pieces: Piece[] = [];
  let at = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    let from = at;
    for (const hit of hits) {
      const start = Math.max(hit.start, from);
      const stop = Math.min(hit.start + hit.length, end);
      if (stop <= start) continue;
      push(pieces, span, from - at, start - at, 'none');
      push(pieces, span, start - at, stop - at, hit === current ? 'current' : 'hit');
      from = stop;
    }
    push(pieces, span, from - at, end - at, 'none');
    at = end;
  }
  return pieces;
}

export function hitsByLine(hits: TextHit[]): Map<number, TextHit[]> {
  const lines = new Map<number, TextHit[]>();
  for (const hit of hits) {
    const line = lines.get(hit.line);
    if (line) line.push(hit);
    else lines.set(hit.line, [hit]);
  }
  return lines;
}

function push(pieces: Piece[], span: TextSpan, from: number, to: number, hit: Piece['hit']): void {
  if (to > from) pieces.push({ kind: span.kind, text: span.text.slice(from, to), hit });
}
