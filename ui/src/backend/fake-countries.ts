// The fake backend's countries: some approved, some pending, the rest to be asked for. On this computer
// none, until a proxy is added. A proxy whose address has "dead" in it does not work.

import { countries as everyCountry } from '../countries';
import { failure } from './fake-accounts';
import type { ProxiesBackend } from './index';
import type { CountriesView, CountryState, OwnProxyForm, OwnProxyView } from './types';

type Reply = <T>(command: string, make: () => T) => Promise<T>;

export function fakeCountries(
  reply: Reply,
  account: () => { id: string; local: boolean },
  switches: URLSearchParams,
): ProxiesBackend {
  const cloud = new Map<string, CountryState>([
    ...['AR', 'BR', 'DE', 'US'].map((code) => [code, 'approved'] as const),
    ...['MX', 'ES'].map((code) => [code, 'pending'] as const),
  ]);
  let own: OwnProxyView[] = [];
  let removed: OwnProxyView | null = null;

  function view(): CountriesView {
    const { id, local } = account();
    const state = (code: string): CountryState => {
      if (!local) return cloud.get(code) ?? 'available';
      return own.some(({ country }) => country === code) ? 'approved' : 'available';
    };
    return {
      account_id: id,
      local,
      countries: everyCountry().map(({ code }) => ({ code, state: state(code) })),
      own: local ? own : [],
      checked_at: Math.floor(Date.now() / 1000),
      problem: null,
    };
  }

  function check(form: OwnProxyForm): void {
    if (/^\S+:\d+$/.test(form.address)) return;
    const message = 'Enter it like proxy.example:8080, or socks5://proxy.example:1080.';
    throw failure('invalid_form', { problems: [{ field: 'address', message }] });
  }

  return {
    countries: () => reply('countries', view),
    requestCountry: ({ code }) =>
      reply('request_country', () => {
        cloud.set(code, 'pending');
        return { state: 'pending' as const, message: 'Request registered.', view: view() };
      }),
    saveOwnProxy: (form) =>
      reply('save_own_proxy', () => {
        check(form);
        const { country, address, user, password, keep } = form;
        own = own.filter((it) => it.country !== country);
        own.push({
          country,
          address,
          user,
          has_password: password !== '',
          in_keychain: password !== '' && keep === 'keychain',
          password_missing: false,
        });
        return view();
      }),
    tryOwnProxy: (form) =>
      reply('try_own_proxy', () => {
        check(form);
        const works = !form.address.includes('dead');
        return {
          works,
          sentence: works
            ? 'The proxy works.'
            : 'The proxy could not be reached. Check its address and port.',
          details: works ? '' : 'failed: connection refused',
          elapsed_ms: 412,
        };
      }),
    removeOwnProxy: (country) =>
      reply('remove_own_proxy', () => {
        removed = own.find((it) => it.country === country) ?? null;
        own = own.filter((it) => it.country !== country);
        return view();
      }),
    restoreOwnProxy: () =>
      reply('restore_own_proxy', () => {
        if (removed) own = [...own, removed];
        removed = null;
        return view();
      }),
    onCountryApproved: (tell) => {
      const code = switches.get('approves');
      if (!code) return () => undefined;
      const timer = setTimeout(() => {
        cloud.set(code, 'approved');
        tell({ account_id: account().id, account_name: 'Acme – production', code });
      }, 200);
      return () => clearTimeout(timer);
    },
  };
}
