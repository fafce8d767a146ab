import { describe, expect, test } from 'vitest';

import type { AccountView, Settings } from '../backend/types';
import { type BannerFacts, bannerFor } from './banners';
import { connectionOf, needsLook } from './connection';
import { gaugeOf } from './gauge';

const CLOUD: AccountView = {
  id: 'acme',
  name: 'Acme',
  kind: 'cloud',
  server: 'api.scrapingpros.com',
  key_hint: '4f9c',
  key_state: 'stored',
  active: true,
  credits: { left: 41_250, limit: 100_000 },
  problem: null,
  checked_at: 1,
};
const LOCAL: AccountView = { ...CLOUD, kind: 'local', key_state: 'not_needed', credits: null };
const NOTICE = { id: 'n', title: 'Set aside', text: '' };

describe('the banner', () => {
  const facts = (account: AccountView, rest: Partial<BannerFacts> = {}): BannerFacts => ({
    account,
    settings: { local_hint_dismissed: false } as Settings,
    notices: [],
    unreachable: false,
    sessionKeyKnown: false,
    ...rest,
  });

  test('the most important one wins', () => {
    const worst: AccountView = {
      ...CLOUD,
      key_state: 'session',
      credits: { left: 0, limit: 100_000 },
    };
    const all = { unreachable: true, notices: [NOTICE] };
    expect(bannerFor(facts(worst, all))).toBe('no-credits');
    expect(bannerFor(facts({ ...CLOUD, key_state: 'session' }, all))).toBe('key-session');
    expect(bannerFor(facts(CLOUD, all))).toBe('offline');
    expect(bannerFor(facts(CLOUD, { notices: [NOTICE] }))).toBe('notice');
    expect(bannerFor(facts(CLOUD))).toBeNull();
  });

  test('a key that is missing or refused is named', () => {
    expect(bannerFor(facts({ ...CLOUD, key_state: 'missing' }))).toBe('key-missing');
    expect(bannerFor(facts({ ...CLOUD, problem: 'key_rejected' }))).toBe('key-rejected');
  });

  test('a warning the person closed stays closed', () => {
    const account: AccountView = { ...CLOUD, key_state: 'session' };
    expect(bannerFor(facts(account, { sessionKeyKnown: true }))).toBeNull();
  });

  test('on this computer no trouble of the service matters', () => {
    expect(bannerFor(facts(LOCAL, { unreachable: true }))).toBe('local-hint');
    const settings = { local_hint_dismissed: true } as Settings;
    expect(bannerFor(facts(LOCAL, { settings }))).toBeNull();
  });
});

describe('the gauge', () => {
  test('says how many credits are left, and warns below a tenth', () => {
    expect(gaugeOf(CLOUD)).toMatchObject({
      left: 41_250,
      low: false,
      words: 'of 100,000 credits left',
      short: '41k',
    });
    const low: AccountView = { ...CLOUD, credits: { left: 9_999, limit: 100_000 } };
    expect(gaugeOf(low).low).toBe(true);
  });

  test.each<[string, Partial<AccountView>]>([
    ['No credits needed', { kind: 'local' }],
    ['Credits not known yet', { credits: null }],
    ['Unlimited credits', { credits: { left: null, limit: null } }],
    ['Not connected', { problem: 'unreachable' }],
  ])('%s', (words, change) => {
    expect(gaugeOf({ ...CLOUD, ...change })).toMatchObject({ words, left: null, share: null });
  });

  test('without a limit there is a number and no bar', () => {
    expect(gaugeOf({ ...CLOUD, credits: { left: 12, limit: null } })).toMatchObject({
      left: 12,
      share: null,
      words: 'credits left',
    });
  });
});

test('the dot and its word agree, and the menu names only what needs a look', () => {
  expect(connectionOf(CLOUD)).toEqual({ dot: 'ok', word: 'service is working' });
  expect(needsLook(CLOUD)).toBe('');
  expect(connectionOf(LOCAL).dot).toBe('off');
  expect(connectionOf({ ...CLOUD, problem: 'service_problem' }).dot).toBe('warn');
  expect(needsLook({ ...CLOUD, problem: 'key_rejected' })).toBe('Check key');
  expect(needsLook({ ...CLOUD, key_state: 'missing' })).toBe('Key needed');
  expect(needsLook({ ...CLOUD, problem: 'unreachable' })).toBe('Not connected');
});
