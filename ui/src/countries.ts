/** Countries by name, from the system's own names. */

import { distance } from 'fastest-levenshtein';

const LANGUAGE = 'en';

export interface Country {
  code: string;
  name: string;
}

/** Codes that name no country a visitor can come from. */
const NO_COUNTRY = new Set([
  'AC',
  'AQ',
  'BV',
  'CP',
  'CQ',
  'DG',
  'EA',
  'EU',
  'EZ',
  'HM',
  'IC',
  'QO',
  'TA',
  'UN',
  'XA',
  'XB',
  'ZZ',
]);

/** Every country, in the order of the alphabet. */
export function countries(): Country[] {
  const names = new Intl.DisplayNames([LANGUAGE], { type: 'region', fallback: 'none' });
  const found: Country[] = [];
  for (let first = 65; first <= 90; first += 1) {
    for (let second = 65; second <= 90; second += 1) {
      const code = String.fromCharCode(first, second);
      const name = NO_COUNTRY.has(code) || !isCurrent(code) ? undefined : names.of(code);
      if (name) found.push({ code, name });
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name, LANGUAGE));
}

/** A word of this many letters may have one slip, a longer one two. */
const ONE_SLIP = 4;
const TWO_SLIPS = 8;

/**
 * Names that start with the query first, then codes, then names that contain it, then what it may
 * have been meant to be. A country's name in its own language counts as well; accents do not.
 */
export function findCountries<T extends Country>(all: T[], query: string): T[] {
  const wanted = fold(query.trim());
  if (wanted === '') return all;
  const rank = ({ code, name }: Country): number => {
    if (code.toLowerCase() === wanted) return 0;
    const names = [fold(name), fold(localName(code))];
    if (names.some((known) => known.startsWith(wanted))) return 1;
    if (names.some((known) => known.includes(wanted))) return 2;
    return names.some((known) => isSlip(wanted, known)) ? 3 : 4;
  };
  const ranked = all.map((country) => ({ country, rank: rank(country) }));
  const best = ranked.some((entry) => entry.rank < 3) ? 3 : 4;
  return ranked
    .filter((entry) => entry.rank < best)
    .sort((a, b) => a.rank - b.rank)
    .map((entry) => entry.country);
}

function isSlip(wanted: string, known: string): boolean {
  if (wanted.length < ONE_SLIP) return false;
  const most = wanted.length < TWO_SLIPS ? 1 : 2;
  // Also while it is still being typed.
  return [known, known.slice(0, wanted.length)].some((part) => distance(wanted, part) <= most);
}

const localNames = new Map<string, string>();

/** "Deutschland" for `DE`: the name in the language that most people speak there. */
export function localName(code: string): string {
  const known = localNames.get(code);
  if (known !== undefined) return known;
  let name = '';
  if (isCode(code)) {
    const language = new Intl.Locale(`und-${code}`).maximize().language;
    name = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(code) ?? '';
  }
  localNames.set(code, name);
  return name;
}

export function countryName(code: string): string {
  return isCode(code)
    ? (new Intl.DisplayNames([LANGUAGE], { type: 'region', fallback: 'none' }).of(code) ?? code)
    : code;
}

/** `Intl` throws at anything else. */
function isCode(text: string): boolean {
  return /^[A-Z]{2}$/.test(text);
}

/** Codes of countries that were (`DD`, `SU`) turn into their heirs. */
function isCurrent(code: string): boolean {
  return new Intl.Locale(`und-${code}`).region === code;
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
