// What the whole window shares: who is working, the person's choices, and which screen shows.

import {
  backend,
  type AccountView,
  type AppError,
  type NoticeView,
  type ScrapeForm,
  type Settings,
  type StartView,
} from '../backend';
import { asAppError } from '../errors';

export type Screen =
  | 'scrape'
  | 'collections'
  | 'collection'
  | 'run'
  | 'history'
  | 'library'
  | 'proxies'
  | 'usage'
  | 'settings';
export type SettingsPane =
  'accounts' | 'appearance' | 'saving' | 'runs' | 'network' | 'library' | 'about';
export type Overlay =
  'palette' | 'keys' | 'health' | 'add-account' | 'new-collection' | 'paste-collection';

/** What another part of the window asks of the scrape screen, which takes it with `takeScrapeRequest`. */
export type ScrapeRequest =
  | { kind: 'new' }
  | { kind: 'address'; address: string }
  | { kind: 'location'; code: string }
  | { kind: 'result'; id: string }
  /** Filled in, and not sent. */
  | { kind: 'form'; form: ScrapeForm };

class App {
  start = $state.raw<StartView | null>(null);
  startError = $state.raw<AppError | null>(null);
  accounts = $state.raw<AccountView[]>([]);
  settings = $state.raw<Settings | null>(null);
  notices = $state.raw<NoticeView[]>([]);
  screen = $state<Screen>('scrape');
  pane = $state<SettingsPane>('accounts');
  overlay = $state<Overlay | null>(null);
  /** The account whose key the accounts pane should ask for. */
  replacing = $state<string | null>(null);
  /** The last call found no way to the service. */
  unreachable = $state(false);
  scrapeRequest = $state.raw<ScrapeRequest | null>(null);
  /** Which one the collection screen shows. */
  collectionId = $state('');
  /** Which one the run screen shows. */
  runId = $state('');
  /** The collection whose runs the history shows. */
  historyOf = $state.raw({ id: '', name: '' });

  /** The country the proxies screen is open at; empty: none. */
  countryWanted = $state('');

  readonly account = $derived(this.accounts.find((account) => account.active) ?? null);
  readonly local = $derived(this.account?.kind === 'local');
  readonly localAccount = $derived(this.accounts.find(({ kind }) => kind === 'local') ?? null);

  async load(): Promise<void> {
    this.startError = null;
    try {
      const start = await backend.start();
      this.accounts = start.accounts;
      this.settings = start.settings;
      this.notices = start.notices;
      this.start = start;
    } catch (cause) {
      this.startError = asAppError(cause);
    }
  }

  openScrape(request: ScrapeRequest | null = null): void {
    this.scrapeRequest = request;
    this.screen = 'scrape';
  }

  takeScrapeRequest(): ScrapeRequest | null {
    const request = this.scrapeRequest;
    this.scrapeRequest = null;
    return request;
  }

  openCollections(): void {
    this.screen = 'collections';
  }

  openCollection(id: string): void {
    this.collectionId = id;
    this.screen = 'collection';
  }

  openRun(id: string): void {
    this.runId = id;
    this.screen = 'run';
  }

  /** All runs of a collection. */
  openHistory({ id, name }: { id: string; name: string }): void {
    this.historyOf = { id, name };
    this.screen = 'history';
  }

  /** The screen of countries, at one of them if a code is given. */
  openProxies(code = ''): void {
    this.countryWanted = code.toUpperCase();
    this.screen = 'proxies';
  }

  openUsage(): void {
    this.screen = 'usage';
  }

  openLibrary(): void {
    this.screen = 'library';
  }

  openSettings(pane: SettingsPane = this.pane): void {
    this.pane = pane;
    this.screen = 'settings';
  }

  replaceKey(id: string): void {
    this.replacing = id;
    this.openSettings('accounts');
  }

  async selectAccount(id: string): Promise<void> {
    this.accounts = await backend.selectAccount(id);
    this.unreachable = false;
  }

  async workHere(): Promise<void> {
    if (this.localAccount) await this.selectAccount(this.localAccount.id);
  }

  /** Asks the service again; spends nothing. */
  async tryConnection(): Promise<void> {
    if (!this.account) return;
    try {
      this.accounts = await backend.testAccount(this.account.id);
      this.unreachable = false;
    } catch (cause) {
      this.unreachable = asAppError(cause).code === 'unreachable';
    }
  }

  /** After a call that may have spent credits or met a problem with the account. */
  async refreshAccounts(): Promise<void> {
    this.accounts = await backend.accounts();
  }

  /** Applies at once; when it cannot be kept the old value comes back and the error is thrown. */
  async changeSettings(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    if (!before) return;
    this.settings = { ...before, ...change };
    try {
      this.settings = await backend.updateSettings(this.settings);
    } catch (cause) {
      this.settings = before;
      throw asAppError(cause);
    }
  }

  async dismissNotice(id: string): Promise<void> {
    await backend.dismissNotice(id);
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }
}

export const app = new App();
