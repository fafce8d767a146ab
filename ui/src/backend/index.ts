// The one door to everything that is not the page: what the screens may ask for.
// A call that fails rejects with an AppError.

import type {
  AccountCheck,
  AccountForm,
  AccountView,
  ChartPicture,
  ChartTable,
  CollectionForm,
  CollectionsPage,
  CollectionsQuery,
  CollectionView,
  ComparisonPage,
  ComparisonQuery,
  CountriesView,
  CountryApproved,
  CountryAsked,
  CountryForm,
  DataPage,
  DataQuery,
  DaysProgress,
  DaysView,
  DetailsView,
  DifferenceQuery,
  DifferenceRow,
  ElsewhereView,
  EstimateView,
  ExportCheck,
  ExportedView,
  ExportForm,
  ExportOffer,
  ExportProgress,
  FormCheck,
  HealthView,
  HoursView,
  ImportChoice,
  ImportProgress,
  ImportView,
  JobView,
  MetricsForm,
  MetricsView,
  LibraryDisk,
  LibraryExported,
  LibraryFacts,
  LibraryFilters,
  LibraryImported,
  LibraryPage,
  LibraryQuery,
  NetworkBody,
  NetworkPage,
  NetworkQuery,
  OwnProxyForm,
  OwnProxyTrial,
  PageColumn,
  PageForm,
  PageRow,
  PagesAdded,
  PageSelection,
  PagesPage,
  PagesQuery,
  PagesRemoved,
  Part,
  PlansView,
  PictureComparison,
  ProblemKind,
  ReportView,
  ResultComparison,
  ResultSummary,
  ResultView,
  RetryForm,
  RunJobsPage,
  RunJobsQuery,
  RunsPage,
  RunsQuery,
  RunSummary,
  RunView,
  SavedView,
  SaveKind,
  ScrapeForm,
  ScrapeProgress,
  Settings,
  SnippetKind,
  SpendingView,
  StartRunForm,
  StartView,
  TemplateForm,
  TemplateView,
  TextHits,
  TextPage,
  TextQuery,
  TextSearch,
  TrendView,
  TransferProgress,
  TrialForm,
  TrialView,
  UsageView,
} from './types';

export type * from './types';

/** What the preview protocol serves of a result. */
export type PreviewPart =
  'page' | 'markdown' | 'screenshot' | 'file' | 'thumbnail' | `difference-${string}`;

/** Stops what was begun with it. */
export type Stop = () => void;

/** Lists of pages that are scraped together. */
export interface CollectionsBackend {
  collections(query: CollectionsQuery): Promise<CollectionsPage>;
  collection(id: string): Promise<CollectionView>;
  createCollection(form: CollectionForm): Promise<CollectionView>;
  updateCollection(id: string, form: CollectionForm): Promise<CollectionView>;
  duplicateCollection(id: string): Promise<CollectionView>;
  deleteCollection(id: string): Promise<void>;
  restoreCollection(id: string): Promise<CollectionView>;
  collectionFromResult(resultId: string): Promise<CollectionView>;
  collectionsElsewhere(): Promise<ElsewhereView[]>;

  pages(query: PagesQuery): Promise<PagesPage>;
  addPages(collectionId: string, pages: PageForm[]): Promise<PagesAdded>;
  pastePages(collectionId: string, text: string): Promise<PagesAdded>;
  takeBackPages(collectionId: string, firstId: number, lastId: number): Promise<PagesRemoved>;
  editPage(
    collectionId: string,
    pageId: number,
    column: PageColumn,
    value: string,
  ): Promise<PageRow>;
  removePages(selection: PageSelection): Promise<PagesRemoved>;
  /** No kinds: all pages that a run would not send. */
  leaveOutProblems(collectionId: string, kinds: ProblemKind[]): Promise<PagesRemoved>;
  restorePages(collectionId: string, undo: number): Promise<ReportView>;
  report(collectionId: string): Promise<ReportView>;
  estimate(collectionId: string): Promise<EstimateView>;

  /** Null when the person closed the dialog. */
  chooseImport(
    importId: string,
    onProgress: (step: ImportProgress) => void,
  ): Promise<ImportView | null>;
  importDropped(
    importId: string,
    path: string,
    onProgress: (step: ImportProgress) => void,
  ): Promise<ImportView>;
  changeImport(
    importId: string,
    choice: ImportChoice,
    onProgress: (step: ImportProgress) => void,
  ): Promise<ImportView>;
  applyImport(
    importId: string,
    collectionId: string,
    meanings: (PageColumn | null)[],
    onProgress: (step: ImportProgress) => void,
  ): Promise<PagesAdded>;
  cancelImport(importId: string): Promise<void>;
  /** Files were dropped on the window. */
  onFilesDropped(tell: (paths: string[]) => void): Stop;
  /** Files are held over the window, and no longer. */
  onFilesHeld(tell: (held: boolean) => void): Stop;
}

/** Runs of collections. A run goes on without the window. */
export interface RunsBackend {
  runs(query: RunsQuery): Promise<RunsPage>;
  run(id: string): Promise<RunView>;
  runJobs(query: RunJobsQuery): Promise<RunJobsPage>;
  runJob(query: RunJobsQuery, jobId: string): Promise<JobView>;
  startRun(form: StartRunForm): Promise<RunView>;
  /** What the retry would cross; sends nothing. */
  checkRetry(form: RetryForm): Promise<SpendingView>;
  retryRun(form: RetryForm): Promise<RunView>;
  stopWatching(id: string): Promise<RunView>;
  resumeRun(id: string): Promise<RunView>;
  compareRuns(query: ComparisonQuery): Promise<ComparisonPage>;
  tryPages(form: TrialForm, onProgress: (view: TrialView) => void): Promise<TrialView>;
  /** True when credits may still be charged. */
  cancelTrial(trialId: string): Promise<boolean>;
  /** Tells of a run now and as it moves. */
  watchRun(id: string, tell: (view: RunView) => void): Stop;
  /** Tells of all runs that have not ended, now and as they move. */
  watchRuns(tell: (runs: RunSummary[]) => void): Stop;
  onRunEnded(tell: (run: RunSummary) => void): Stop;
}

/** What a run has brought, as a file or many. */
export interface ExportsBackend {
  exportOffer(runId: string): Promise<ExportOffer>;
  checkExport(form: ExportForm): Promise<ExportCheck>;
  /** Null when the person closed the save dialog. Rejects with `cancelled` after `cancelExport`. */
  exportRun(
    exportId: string,
    form: ExportForm,
    onProgress: (step: ExportProgress) => void,
  ): Promise<ExportedView | null>;
  cancelExport(exportId: string): Promise<void>;
}

/** Countries to visit pages from, and proxies of the person's own. */
export interface ProxiesBackend {
  /** Of the active account; what was known before when the service can't be asked. */
  countries(): Promise<CountriesView>;
  requestCountry(form: CountryForm): Promise<CountryAsked>;
  saveOwnProxy(form: OwnProxyForm): Promise<CountriesView>;
  /** Opens `page` through it; empty: a page everybody can open. */
  tryOwnProxy(form: OwnProxyForm, page: string): Promise<OwnProxyTrial>;
  removeOwnProxy(country: string): Promise<CountriesView>;
  /** Brings back what was removed last. */
  restoreOwnProxy(): Promise<CountriesView>;
  onCountryApproved(tell: (country: CountryApproved) => void): Stop;
}

/** What an account has used. Spends nothing. */
export interface UsageBackend {
  /** `YYYY-MM`; empty: this month. */
  usage(month: string): Promise<UsageView>;
  usageDays(month: string, onProgress: (step: DaysProgress) => void): Promise<DaysView>;
  /** The call of `usageDays` that goes on answers with what it knows. */
  stopUsageDays(): Promise<void>;
  /** `YYYY-MM-DD`. */
  usageHours(day: string): Promise<HoursView>;
  usageTrend(): Promise<TrendView>;
  serviceMetrics(form: MetricsForm): Promise<MetricsView>;
  plans(): Promise<PlansView>;
  /** Null when the person closed the dialog. */
  saveChartTable(table: ChartTable): Promise<SavedView | null>;
  saveChartPicture(picture: ChartPicture): Promise<SavedView | null>;
}

/** Everything that was kept: found, tagged, tidied. */
export interface LibraryBackend {
  libraryPage(query: LibraryQuery): Promise<LibraryPage>;
  libraryFilters(): Promise<LibraryFilters>;
  libraryFacts(id: string): Promise<LibraryFacts>;
  /** Until the next start they can come back. */
  deleteResults(ids: string[]): Promise<number>;
  restoreResults(ids: string[]): Promise<number>;
  tagResults(ids: string[], tag: string, on: boolean): Promise<void>;
  compareResults(before: string, after: string): Promise<ResultComparison>;
  resultDifference(query: DifferenceQuery): Promise<DifferenceRow[]>;
  comparePictures(before: string, after: string): Promise<PictureComparison>;
  /** Null when the person closed the save dialog. Rejects with `cancelled` after a cancel. */
  exportLibrary(
    transferId: string,
    onProgress: (step: TransferProgress) => void,
  ): Promise<LibraryExported | null>;
  /** Null when the person closed the file dialog. */
  importLibrary(
    transferId: string,
    onProgress: (step: TransferProgress) => void,
  ): Promise<LibraryImported | null>;
  cancelLibraryTransfer(transferId: string): Promise<void>;
  libraryDisk(): Promise<LibraryDisk>;
  cleanUpLibrary(): Promise<LibraryDisk>;
  clearLibrary(): Promise<LibraryDisk>;
}

/** Options under a name. */
export interface TemplatesBackend {
  templates(): Promise<TemplateView[]>;
  createTemplate(form: TemplateForm): Promise<TemplateView>;
  updateTemplate(id: string, form: TemplateForm): Promise<TemplateView>;
  deleteTemplate(id: string): Promise<void>;
  restoreTemplate(id: string): Promise<void>;
}

export interface Backend
  extends
    CollectionsBackend,
    RunsBackend,
    ExportsBackend,
    LibraryBackend,
    TemplatesBackend,
    ProxiesBackend,
    UsageBackend {
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
  /** On the clipboard, without the key. */
  copyRequest(form: ScrapeForm, kind: SnippetKind): Promise<void>;
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
