// The drawings of ECharts, made fit for a page whose policy allows no inline style, and for a file.

import type { Key } from './bars';
import type { Colours } from './colours';

/** `style="font-size:12px"` becomes `font-size="12px"`. The texts in it are escaped, so that they hold no quotes. */
export function withoutStyles(svg: string): string {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => {
      const pairs = style.split(';').map((pair) => pair.split(/:(.*)/s));
      const named = pairs.filter(([name, value]) => /^\s*[a-z-]+\s*$/.test(name ?? '') && value);
      return named.map(([name, value]) => ` ${name?.trim()}="${value?.trim()}"`).join('');
    });
}

export function asElement(svg: string): SVGElement | null {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  return root instanceof SVGElement && root.nodeName === 'svg' ? root : null;
}

export interface Picture {
  svg: string;
  width: number;
  height: number;
  title: string;
  summary: string;
  keys: Key[];
  colours: Colours;
}

const MARGIN = 24;
const LINE = 16;
const LETTER = 6.4;

/** The whole card as one drawing: title, sentence, legend and chart. */
export function picture({ svg, width, height, title, summary, keys, colours }: Picture): string {
  const text = (x: number, y: number, size: number, fill: string, words: string, weight = 400) =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" font-family="${escaped(colours.font)}" fill="${fill}">${escaped(words)}</text>`;
  const lines = wrapped(summary, Math.floor(width / LETTER));
  const below = 54 + (lines.length - 1) * LINE;
  let right = MARGIN;
  const legend = keys.map(({ label, tone }) => {
    const at = right;
    right += 16 + label.length * LETTER + 20;
    const mark =
      tone === 'line'
        ? `<path d="M${at} ${below + 21}h12" stroke="${colours.faintText}" stroke-width="2" stroke-dasharray="4 3"/>`
        : `<rect x="${at}" y="${below + 16}" width="10" height="10" rx="3" fill="${colours.tones[tone]}"/>`;
    return mark + text(at + 16, below + 25, 12, colours.secondText, label);
  });
  const head = below + (keys.length > 0 ? 42 : 22);
  const whole = { width: width + 2 * MARGIN, height: height + head + MARGIN };
  const inner = svg.replace(/^[\s\S]*?<svg/, `<svg x="${MARGIN}" y="${head}"`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole.width}" height="${whole.height}">`,
    `<rect width="${whole.width}" height="${whole.height}" fill="${colours.surface}"/>`,
    text(MARGIN, 34, 16, colours.text, title, 600),
    ...lines.map((line, at) => text(MARGIN, 54 + at * LINE, 12, colours.secondText, line)),
    ...legend,
    inner,
    '</svg>',
  ].join('');
}

/** Lines of at most so many letters, broken between words. */
function wrapped(text: string, most: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    const longer = `${lines[last]} ${word}`.trim();
    if (longer.length > most && lines[last] !== '') lines.push(word);
    else lines[last] = longer;
  }
  return lines;
}

function escaped(text: string): string {
  const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Control characters are not allowed in XML at all.
  return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}
