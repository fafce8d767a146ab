// What the fake backend finds wrong with pages, in the core's words.

import type { OwnOption, PageProblem, ScrapeForm } from './types';

export interface StoredPage {
  id: number;
  address: string;
  label: string;
  own: OwnOption[];
  /** 0 while it is in the list; else the number that brings it back. */
  hidden: number;
  /** What the service said of it last time. */
  refusal: string;
}

export interface Judged {
  page: StoredPage;
  problem: PageProblem | null;
  runs: boolean;
  browser: boolean;
}

const LONGEST_LABEL = 255;
const YES = ['yes', 'y', 'true', '1', 'on', 'x', 'browser', 'real browser'];
const NO = ['no', 'n', 'false', '0', 'off', '-', 'simple'];

export function judged(pages: StoredPage[], options: ScrapeForm, local: boolean): Judged[] {
  const first = new Map<string, number>();
  return pages.map((page, index) => {
    const own = page.own.find(({ option }) => option === 'browser')?.value.toLowerCase();
    const browser = own === undefined ? options.browser : YES.includes(own);
    const problem = problemOf(page, local) ?? twinOf(page, index, first) ?? refusalOf(page);
    const runs = problem === null || problem.kind === 'refused';
    return { page, problem, runs, browser };
  });
}

function problemOf({ address, label, own }: StoredPage, local: boolean): PageProblem | null {
  const host = hostOf(address);
  if (host === '') {
    const words = 'This does not look like a page address. Try example.com/page';
    return { kind: 'malformed', words, same_as: 0 };
  }
  if (host === 'sample.shop' && !local) {
    const words = 'The sample shop is only on this computer. Run it there, or leave it out.';
    return { kind: 'private', words, same_as: 0 };
  }
  if (/^(192\.168|10|127)\.|^localhost$/.test(host)) {
    const words = local
      ? `${host} is in your own network. Allow it in the settings, or leave it out.`
      : `${host} is in a private network, where the service can't go. Leave it out.`;
    return { kind: 'private', words, same_as: 0 };
  }
  if (label.length > LONGEST_LABEL) {
    const words = `This label has ${label.length} characters. ${LONGEST_LABEL} is the most.`;
    return { kind: 'label_too_long', words, same_as: 0 };
  }
  const wrong = own.find(({ option, value }) => !fits(option, value));
  if (wrong) {
    const words = `“${wrong.value}” is not yes or no.`;
    return { kind: 'wrong_option', words, same_as: 0 };
  }
  return null;
}

function twinOf(page: StoredPage, index: number, first: Map<string, number>): PageProblem | null {
  const key = `${page.address.toLowerCase()}\n${page.label}`;
  const twin = first.get(key);
  if (twin === undefined) {
    first.set(key, index);
    return null;
  }
  const same_as = twin + 1;
  return { kind: 'duplicate', words: `Same page and label as row ${same_as}.`, same_as };
}

function refusalOf({ refusal }: StoredPage): PageProblem | null {
  return refusal === '' ? null : { kind: 'refused', words: refusal, same_as: 0 };
}

function fits(option: OwnOption['option'], value: string): boolean {
  if (option !== 'browser' && option !== 'screenshot' && option !== 'retry_on_block') return true;
  return [...YES, ...NO].includes(value.toLowerCase());
}

/** Empty for what is no page address. */
function hostOf(address: string): string {
  const host = /^(?:https?:\/\/)?([^/?#\s]+)[^\s]*$/i.exec(address.trim())?.[1] ?? '';
  return /\.|^localhost$/i.test(host) ? host.toLowerCase() : '';
}
