// The colours of the theme that shows, as plain values: a file knows no custom properties.

import type { Tone } from './bars';

export interface Colours {
  tones: Record<Tone, string>;
  surface: string;
  text: string;
  secondText: string;
  faintText: string;
  grid: string;
  edge: string;
  font: string;
}

export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    tones: {
      main: token('chart-1'),
      second: token('chart-2'),
      faint: token('bg-track'),
      outline: 'none',
    },
    surface: token('bg-surface'),
    text: token('fg'),
    secondText: token('fg-secondary'),
    faintText: token('fg-tertiary'),
    grid: token('chart-grid'),
    edge: token('border-control'),
    font: getComputedStyle(document.body).fontFamily.replace(/"/g, "'"),
  };
}

/** Tells when another theme shows. */
export function onTheme(tell: () => void): () => void {
  const attribute = new MutationObserver(tell);
  attribute.observe(document.documentElement, { attributeFilter: ['data-theme', 'style'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', tell);
  return () => {
    attribute.disconnect();
    system.removeEventListener('change', tell);
  };
}
