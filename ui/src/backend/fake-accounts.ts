// The fake backend's accounts. Any key of at least eight visible characters works, but one that
// ends in "bad".

import type {
  AccountCheck,
  AccountForm,
  AccountView,
  AppError,
  ErrorCode,
  HealthView,
} from './types';

export function failure(code: ErrorCode, rest: Partial<AppError> = {}): AppError {
  return {
    code,
    message: '',
    details: 'GET /v1/sync/billing · 16 Oct 2026 14:39',
    problems: [],
    retry_after: code === 'rate_limited' ? 23 : null,
    result_id: null,
    ...rest,
  };
}

const now = () => Math.floor(Date.now() / 1000);

const LOCAL: AccountView = {
  id: 'local',
  name: 'On this computer',
  kind: 'local',
  server: '',
  key_hint: '',
  key_state: 'not_needed',
  active: false,
  credits: null,
  problem: null,
  checked_at: 0,
};

const CLOUD: AccountView = {
  ...LOCAL,
  id: 'acme',
  name: 'Acme – production',
  kind: 'cloud',
  server: 'api.scrapingpros.com',
  key_hint: '4f9c',
  key_state: 'stored',
  credits: { left: 41_250, limit: 100_000 },
  checked_at: now(),
};

const TESTS: AccountView = {
  ...CLOUD,
  id: 'tests',
  name: 'Acme – tests',
  key_hint: 'b07e',
  credits: null,
  problem: 'key_rejected',
};

const DEMO: AccountView = {
  ...CLOUD,
  id: 'demo',
  name: 'Demo account',
  kind: 'demo',
  key_hint: '',
  credits: null,
  checked_at: 0,
};

/** How the tab starts: `?as=new|local|cloud|low|empty|session|demo`. */
export function startingAccounts(as: string): AccountView[] {
  switch (as) {
    case 'new':
      return [LOCAL];
    case 'cloud':
      return [{ ...CLOUD, active: true }, TESTS, DEMO, LOCAL];
    case 'low':
      return [{ ...CLOUD, active: true, credits: { left: 3_180, limit: 100_000 } }, LOCAL];
    case 'empty':
      return [{ ...CLOUD, active: true, credits: { left: 0, limit: 100_000 } }, LOCAL];
    case 'session':
      return [{ ...CLOUD, active: true, key_state: 'session' }, LOCAL];
    case 'unknown':
      return [{ ...CLOUD, active: true, credits: null }, LOCAL];
    case 'demo':
      return [{ ...DEMO, active: true }, LOCAL];
    default:
      return [{ ...LOCAL, active: true }];
  }
}

export function demoAccount(): AccountView {
  return DEMO;
}

export function checkedAccount(form: AccountForm): AccountCheck {
  const key = form.key.trim();
  if (!key) {
    throw failure('invalid_form', {
      problems: [{ field: 'key', message: 'Paste your key here.' }],
    });
  }
  if (!/^[\x21-\x7e]{8,}$/.test(key)) throw failure('key_malformed');
  if (key.endsWith('bad')) throw failure('key_rejected');
  return {
    server: form.server || 'api.scrapingpros.com',
    credits: { left: 41_250, limit: 100_000 },
    plan: 'Growth',
    rate_per_minute: 60,
  };
}

export function newAccount(form: AccountForm): AccountView {
  const check = checkedAccount(form);
  return {
    ...CLOUD,
    id: `account-${crypto.randomUUID()}`,
    name: form.name || 'My account',
    server: check.server,
    key_hint: form.key.trim().slice(-4),
    key_state: form.keep === 'session' ? 'session' : 'stored',
    credits: check.credits,
    checked_at: now(),
  };
}

export function healthOf(account: AccountView | undefined): HealthView {
  const local = account?.kind === 'local';
  return {
    state: local ? 'good' : 'degraded',
    sentence: local ? 'Everything works.' : 'Everything works. Real browsers are slow right now.',
    components: local
      ? [
          { name: 'Engine', state: 'good', word: 'Working' },
          { name: 'Browser', state: 'good', word: 'Chromium' },
        ]
      : [
          { name: 'Scrapes', state: 'good', word: 'Working' },
          { name: 'Real browsers', state: 'degraded', word: 'Slow' },
          { name: 'Proxies', state: 'good', word: 'Working' },
        ],
    latency_ms: local ? 2 : 184,
    checked_at: now(),
    details: '{"status":"ok"}',
  };
}
