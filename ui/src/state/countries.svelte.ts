// The countries of the account that works, and the proxies of the person's own.

import {
  backend,
  type AppError,
  type CountriesView,
  type CountryApproved,
  type CountryState,
  type OwnProxyForm,
} from '../backend';
import { countryName } from '../countries';
import { asAppError } from '../errors';
import { app } from './app.svelte';
import { toasts } from './toasts.svelte';

class Countries {
  view = $state.raw<CountriesView | null>(null);
  error = $state.raw<AppError | null>(null);
  loading = $state(false);

  #asked = 0;

  /** Asks the service; what was known of this account stays until the answer is here. */
  async load(): Promise<void> {
    await this.#take(() => backend.countries());
  }

  /** Once an account; the screen itself asks anew. */
  async known(): Promise<void> {
    if (this.view?.account_id !== app.account?.id) await this.load();
  }

  stateOf(code: string): CountryState | null {
    const wanted = code.toUpperCase();
    return this.view?.countries.find((country) => country.code === wanted)?.state ?? null;
  }

  /** Throws what the service refuses. */
  async request(code: string, reason: string): Promise<CountryState> {
    const asked = await backend.requestCountry({ code, reason });
    this.view = asked.view;
    const name = countryName(code);
    toasts.show(
      asked.state === 'approved'
        ? { text: `${name} is already approved`, tone: 'ok', action: useNow(code) }
        : {
            text: `Asked for ${name}`,
            detail: 'You will be told when it is approved.',
            tone: 'ok',
          },
    );
    return asked.state;
  }

  /** Throws what can't be kept. */
  async saveOwn(form: OwnProxyForm): Promise<void> {
    this.view = await backend.saveOwnProxy(form);
    const text = `The proxy for ${countryName(form.country)} is kept`;
    toasts.show({ text, tone: 'ok', action: useNow(form.country) });
  }

  /** Throws what can't be removed. */
  async removeOwn(country: string): Promise<void> {
    this.view = await backend.removeOwnProxy(country);
    toasts.show({
      text: `Removed the proxy for ${countryName(country)}`,
      action: { label: 'Undo', act: () => void this.#take(() => backend.restoreOwnProxy()) },
    });
  }

  /** Tells of approvals until it is stopped. */
  watch(): () => void {
    return backend.onCountryApproved((country) => {
      this.#announce(country);
      if (country.account_id === this.view?.account_id) void this.load();
    });
  }

  #announce({ account_id, account_name, code }: CountryApproved): void {
    const here = account_id === app.account?.id;
    toasts.show({
      text: `${countryName(code)} is approved`,
      detail: here ? undefined : `For the account “${account_name}”.`,
      tone: 'ok',
      action: here ? useNow(code) : undefined,
    });
  }

  async #take(ask: () => Promise<CountriesView>): Promise<void> {
    const mine = ++this.#asked;
    this.loading = true;
    this.error = null;
    try {
      const view = await ask();
      if (mine === this.#asked) this.view = view;
    } catch (cause) {
      if (mine === this.#asked) this.error = asAppError(cause);
    } finally {
      if (mine === this.#asked) this.loading = false;
    }
  }
}

function useNow(code: string): { label: string; act: () => void } {
  return { label: 'Use it now', act: () => app.openScrape({ kind: 'location', code }) };
}

export const countries = new Countries();
