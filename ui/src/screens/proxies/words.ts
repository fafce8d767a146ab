/** The states of a country in words. */

import type { CountryState } from '../../backend';
import type { IconName } from '../../icons';

export interface Section {
  state: CountryState;
  name: string;
  hint: string;
}

export function sections(local: boolean): Section[] {
  return local
    ? [
        { state: 'approved', name: 'With a proxy', hint: '' },
        { state: 'pending', name: 'Asked for', hint: 'Waiting for a proxy of yours.' },
        {
          state: 'available',
          name: 'Without one',
          hint: 'Choose a country to add a proxy for it.',
        },
      ]
    : [
        { state: 'approved', name: 'Approved', hint: '' },
        { state: 'pending', name: 'Pending', hint: 'Waiting for the Scraping Pros team.' },
        { state: 'available', name: 'Available', hint: 'Choose a country to ask for it.' },
      ];
}

export const STATE_LOOK: Record<CountryState, { icon: IconName; tone: string } | null> = {
  approved: { icon: 'check', tone: 'ok' },
  pending: { icon: 'clock', tone: 'warn' },
  available: null,
};

/** What a press on the country is for. */
export function pressWord(state: CountryState, local: boolean): string {
  if (local) return state === 'approved' ? 'Change' : 'Add proxy';
  return state === 'available' ? 'Request' : '';
}

/** Ready-made beginnings of a reason. */
export function reasons(country: string): { label: string; text: string }[] {
  return [
    {
      label: 'Local prices',
      text: `We compare prices in shops that show them only to visitors from ${country}.`,
    },
    {
      label: 'Local search results',
      text: `We compare what search pages show to visitors from ${country}.`,
    },
    {
      label: 'Site open only there',
      text: `The site we read is open only to visitors from ${country}.`,
    },
  ];
}
