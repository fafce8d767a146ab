// The one door to everything that is not the page: what the screens may ask for.
// A call that fails rejects with an AppError.

import type {
  AccountCheck,
  AccountForm,
  AccountView,
  DataPage,
  DataQuery,
  DetailsView,
  FormCheck,
  HealthView,
  NetworkBody,
  NetworkPage,
  NetworkQuery,
  Part,
  ResultSummary,
  ResultView,
  SavedView,
  SaveKind,
  ScrapeForm,
  ScrapeProgress,
  Settings,
  StartView,
  TextHits,
  TextPage,
  TextQuery,
  TextSearch,
} from './types';

export type * from './types';

/** What the preview protocol serves of a result. */
export type PreviewPart = 'page' | 'markdown' | 'screenshot' | 'file' | 'thumbnail';

export interface Backend {
  start(): Promise<StartView>;
  updateSettings(settings: Settings): Promise<Settings>;
  dismissNotice(id: string): Promise<void>;

  accounts(): Promise<AccountView[]>;
  /** Asks the service about a key; stores nothing and spends nothing. */
  checkAccount(form: AccountForm): Promise<AccountCheck>;
  addAccount(form: AccountForm): Promise<AccountView[]>;
  addDemoAccount(): Promise<AccountView[]>;
  selectAccount(id: string): Promise<AccountView[]>;
  renameAccount(id: string, name: string): Promise<AccountView[]>;
  replaceKey(id: string, form: AccountForm): Promise<AccountView[]>;
  forgetAccount(id: string): Promise<AccountView[]>;
  testAccount(id: string): Promise<AccountView[]>;
  accountHealth(id: string): Promise<HealthView>;

  checkScrape(form: ScrapeForm): Promise<FormCheck>;
  scrape(
    scrapeId: string,
    form: ScrapeForm,
    onProgress: (step: ScrapeProgress) => void,
  ): Promise<ResultView>;
  /** True when credits may still be charged. */
  cancelScrape(scrapeId: string): Promise<boolean>;
  saveDraft(form: ScrapeForm): Promise<void>;

  result(id: string): Promise<ResultView>;
  recentResults(find: string, limit: number): Promise<ResultSummary[]>;
  resultData(query: DataQuery): Promise<DataPage>;
  resultText(query: TextQuery): Promise<TextPage>;
  searchText(query: TextSearch): Promise<TextHits>;
  resultNetwork(query: NetworkQuery): Promise<NetworkPage>;
  networkBody(id: string, index: number): Promise<NetworkBody>;
  resultDetails(id: string): Promise<DetailsView>;
  allowExternal(id: string, allow: boolean): Promise<void>;
  previewUrl(id: string, part: PreviewPart): string;

  /** Null when the person closed the dialog. */
  savePart(id: string, kind: SaveKind): Promise<SavedView | null>;
  /** Answers with the number of characters. */
  copyPart(id: string, part: Part): Promise<number>;
  showInFolder(path: string): Promise<void>;
  openLink(address: string): Promise<void>;
  /** Null when the person closed the dialog. */
  chooseSaveFolder(): Promise<string | null>;

  /** A link in a preview was pressed. */
  onLinkPressed(tell: (address: string) => void): void;
}

async function open(): Promise<Backend> {
  if (import.meta.env.MODE === 'production' || '__TAURI_INTERNALS__' in window) {
    return (await import('./tauri')).tauri;
  }
  return (await import('./fake')).fakeBackend(new URLSearchParams(location.search));
}

export const backend: Backend = await open();
