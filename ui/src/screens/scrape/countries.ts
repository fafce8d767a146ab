/** Countries by name, from the system's own names. */

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

/** Names that start with the query first, then codes, then names that contain it. */
export function findCountries(all: Country[], query: string): Country[] {
  const wanted = fold(query.trim());
  if (wanted === '') return all;
  const rank = ({ code, name }: Country): number => {
    const folded = fold(name);
    if (code.toLowerCase() === wanted) return 0;
    if (folded.startsWith(wanted)) return 1;
    return folded.includes(wanted) ? 2 : 3;
  };
  return all
    .map((country) => ({ country, rank: rank(country) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((entry) => entry.country);
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
