// Which banner shows: one at most, the most important first.

import type { AccountView, NoticeView, Settings } from '../backend';

export type BannerKind =
  | 'no-credits'
  | 'key-rejected'
  | 'key-missing'
  | 'key-session'
  | 'offline'
  | 'notice'
  | 'local-hint';

export interface BannerFacts {
  account: AccountView | null;
  settings: Settings | null;
  notices: NoticeView[];
  unreachable: boolean;
  /** The person closed the warning about a key that is not kept. */
  sessionKeyKnown: boolean;
}

export function bannerFor(facts: BannerFacts): BannerKind | null {
  const { account, settings } = facts;
  if (account && account.kind !== 'local') {
    const trouble = accountBanner(account, facts);
    if (trouble) return trouble;
  }
  if (facts.notices.length > 0) return 'notice';
  if (account?.kind === 'local' && settings?.local_hint_dismissed === false) return 'local-hint';
  return null;
}

function accountBanner(account: AccountView, facts: BannerFacts): BannerKind | null {
  if (account.problem === 'quota_used_up' || account.credits?.left === 0) return 'no-credits';
  if (account.key_state === 'missing') return 'key-missing';
  if (account.problem === 'key_rejected') return 'key-rejected';
  if (account.key_state === 'session' && !facts.sessionKeyKnown) return 'key-session';
  return facts.unreachable || account.problem === 'unreachable' ? 'offline' : null;
}
