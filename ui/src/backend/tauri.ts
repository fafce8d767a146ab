// The app's own backend: Rust, over Tauri's commands. With the generated bindings, the only file
// that knows Tauri.

import { Channel } from '@tauri-apps/api/core';
import { listen, TauriEvent } from '@tauri-apps/api/event';

import { commands, events } from './bindings';
import type {
  Backend,
  CollectionsBackend,
  ExportsBackend,
  LibraryBackend,
  ProxiesBackend,
  RunsBackend,
  Stop,
  TemplatesBackend,
  UsageBackend,
} from './index';
import type {
  AppError,
  DaysProgress,
  ExportProgress,
  ImportProgress,
  RunSummary,
  RunView,
  ScrapeProgress,
  TransferProgress,
  TrialView,
} from './types';

type Reply<T> = Promise<{ status: 'ok'; data: T } | { status: 'error'; error: AppError }>;

async function answer<T>(reply: Reply<T>): Promise<T> {
  const outcome = await reply;
  if (outcome.status === 'error') throw outcome.error;
  return outcome.data;
}

async function done(reply: Reply<unknown>): Promise<void> {
  await answer(reply);
}

const PREVIEW = navigator.userAgent.includes('Windows')
  ? 'http://preview.localhost'
  : 'preview://localhost';

/** Listens at once; what stops it may be called before Tauri has answered. */
function listening(begun: Promise<Stop>): Stop {
  return () => void begun.then((stop) => stop());
}

/** The watch runs until it is stopped; an end of its own needs nothing. */
function watching(watch: (watchId: string) => Reply<null>): Stop {
  const watchId = crypto.randomUUID();
  void watch(watchId);
  return () => void commands.unwatch(watchId);
}

const collections: CollectionsBackend = {
  collections: (query) => answer(commands.collections(query)),
  collection: (id) => answer(commands.collection(id)),
  createCollection: (form) => answer(commands.createCollection(form)),
  updateCollection: (id, form) => answer(commands.updateCollection(id, form)),
  duplicateCollection: (id) => answer(commands.duplicateCollection(id)),
  deleteCollection: (id) => done(commands.deleteCollection(id)),
  restoreCollection: (id) => answer(commands.restoreCollection(id)),
  collectionFromResult: (id) => answer(commands.collectionFromResult(id)),
  collectionsElsewhere: () => answer(commands.collectionsElsewhere()),

  pages: (query) => answer(commands.pages(query)),
  addPages: (id, pages) => answer(commands.addPages(id, pages)),
  pastePages: (id, text) => answer(commands.pastePages(id, text)),
  takeBackPages: (id, first, last) => answer(commands.takeBackPages(id, first, last)),
  editPage: (id, page, column, value) => answer(commands.editPage(id, page, column, value)),
  removePages: (selection) => answer(commands.removePages(selection)),
  leaveOutProblems: (id, kinds) => answer(commands.leaveOutProblems(id, kinds)),
  restorePages: (id, undo) => answer(commands.restorePages(id, undo)),
  report: (id) => answer(commands.report(id)),
  estimate: (id) => answer(commands.estimate(id)),

  chooseImport: (importId, onProgress) =>
    answer(commands.chooseImport(importId, new Channel<ImportProgress>(onProgress))),
  importDropped: (importId, path, onProgress) =>
    answer(commands.importDropped(importId, path, new Channel<ImportProgress>(onProgress))),
  changeImport: (importId, choice, onProgress) =>
    answer(commands.changeImport(importId, choice, new Channel<ImportProgress>(onProgress))),
  applyImport: (importId, id, meanings, onProgress) => {
    const progress = new Channel<ImportProgress>(onProgress);
    return answer(commands.applyImport(importId, id, meanings, progress));
  },
  cancelImport: (importId) => done(commands.cancelImport(importId)),
  onFilesDropped: (tell) =>
    listening(events.filesDropped.listen(({ payload }) => tell(payload.paths))),
  onFilesHeld: (tell) => {
    const stops = [
      listening(listen(TauriEvent.DRAG_ENTER, () => tell(true))),
      listening(listen(TauriEvent.DRAG_LEAVE, () => tell(false))),
      listening(listen(TauriEvent.DRAG_DROP, () => tell(false))),
    ];
    return () => stops.forEach((stop) => stop());
  },
};

const runs: RunsBackend = {
  runs: (query) => answer(commands.runs(query)),
  run: (id) => answer(commands.run(id)),
  runJobs: (query) => answer(commands.runJobs(query)),
  runJob: (query, jobId) => answer(commands.runJob(query, jobId)),
  startRun: (form) => answer(commands.startRun(form)),
  checkRetry: (form) => answer(commands.checkRetry(form)),
  retryRun: (form) => answer(commands.retryRun(form)),
  stopWatching: (id) => answer(commands.stopWatching(id)),
  resumeRun: (id) => answer(commands.resumeRun(id)),
  compareRuns: (query) => answer(commands.compareRuns(query)),
  tryPages: (form, onProgress) =>
    answer(commands.tryPages(form, new Channel<TrialView>(onProgress))),
  cancelTrial: (trialId) => answer(commands.cancelTrial(trialId)),
  watchRun: (id, tell) =>
    watching((watchId) => commands.watchRun(watchId, id, new Channel<RunView>(tell))),
  watchRuns: (tell) =>
    watching((watchId) => commands.watchRuns(watchId, new Channel<RunSummary[]>(tell))),
  onRunEnded: (tell) => listening(events.runEnded.listen(({ payload }) => tell(payload.run))),
};

const exports: ExportsBackend = {
  exportOffer: (runId) => answer(commands.exportOffer(runId)),
  checkExport: (form) => answer(commands.checkExport(form)),
  exportRun: (exportId, form, onProgress) =>
    answer(commands.exportRun(exportId, form, new Channel<ExportProgress>(onProgress))),
  cancelExport: (exportId) => done(commands.cancelExport(exportId)),
};

const proxies: ProxiesBackend = {
  countries: () => answer(commands.countries()),
  requestCountry: (form) => answer(commands.requestCountry(form)),
  saveOwnProxy: (form) => answer(commands.saveOwnProxy(form)),
  tryOwnProxy: (form, page) => answer(commands.tryOwnProxy(form, page)),
  removeOwnProxy: (country) => answer(commands.removeOwnProxy(country)),
  restoreOwnProxy: () => answer(commands.restoreOwnProxy()),
  onCountryApproved: (tell) =>
    listening(events.countryIsApproved.listen(({ payload }) => tell(payload.country))),
};

const usage: UsageBackend = {
  usage: (month) => answer(commands.usage(month)),
  usageDays: (month, onProgress) =>
    answer(commands.usageDays(month, new Channel<DaysProgress>(onProgress))),
  stopUsageDays: () => done(commands.stopUsageDays()),
  usageHours: (day) => answer(commands.usageHours(day)),
  usageTrend: () => answer(commands.usageTrend()),
  serviceMetrics: (form) => answer(commands.serviceMetrics(form)),
  plans: () => answer(commands.plans()),
  saveChartTable: (table) => answer(commands.saveChartTable(table)),
  saveChartPicture: (picture) => answer(commands.saveChartPicture(picture)),
};

const library: LibraryBackend = {
  libraryPage: (query) => answer(commands.libraryPage(query)),
  libraryFilters: () => answer(commands.libraryFilters()),
  libraryFacts: (id) => answer(commands.libraryFacts(id)),
  deleteResults: (ids) => answer(commands.deleteResults(ids)),
  restoreResults: (ids) => answer(commands.restoreResults(ids)),
  tagResults: (ids, tag, on) => done(commands.tagResults(ids, tag, on)),
  compareResults: (before, after) => answer(commands.compareResults(before, after)),
  resultDifference: (query) => answer(commands.resultDifference(query)),
  comparePictures: (before, after) => answer(commands.comparePictures(before, after)),
  exportLibrary: (id, onProgress) =>
    answer(commands.exportLibrary(id, new Channel<TransferProgress>(onProgress))),
  importLibrary: (id, onProgress) =>
    answer(commands.importLibrary(id, new Channel<TransferProgress>(onProgress))),
  cancelLibraryTransfer: (id) => done(commands.cancelLibraryTransfer(id)),
  libraryDisk: () => answer(commands.libraryDisk()),
  cleanUpLibrary: () => answer(commands.cleanUpLibrary()),
  clearLibrary: () => answer(commands.clearLibrary()),
};

const templates: TemplatesBackend = {
  templates: () => answer(commands.templates()),
  createTemplate: (form) => answer(commands.createTemplate(form)),
  updateTemplate: (id, form) => answer(commands.updateTemplate(id, form)),
  deleteTemplate: (id) => done(commands.deleteTemplate(id)),
  restoreTemplate: (id) => done(commands.restoreTemplate(id)),
};

export const tauri: Backend = {
  ...collections,
  ...runs,
  ...exports,
  ...proxies,
  ...usage,
  ...library,
  ...templates,

  start: () => answer(commands.start()),
  updateSettings: (settings) => answer(commands.updateSettings(settings)),
  dismissNotice: (id) => done(commands.dismissNotice(id)),

  accounts: () => answer(commands.accounts()),
  checkAccount: (form) => answer(commands.checkAccount(form)),
  addAccount: (form) => answer(commands.addAccount(form)),
  addDemoAccount: () => answer(commands.addDemoAccount()),
  selectAccount: (id) => answer(commands.selectAccount(id)),
  renameAccount: (id, name) => answer(commands.renameAccount(id, name)),
  replaceKey: (id, form) => answer(commands.replaceKey(id, form)),
  forgetAccount: (id) => answer(commands.forgetAccount(id)),
  testAccount: (id) => answer(commands.testAccount(id)),
  accountHealth: (id) => answer(commands.accountHealth(id)),

  checkScrape: (form) => answer(commands.checkScrape(form)),
  scrape: (scrapeId, form, onProgress) => {
    const progress = new Channel<ScrapeProgress>(onProgress);
    return answer(commands.scrape(scrapeId, form, progress));
  },
  cancelScrape: (scrapeId) => answer(commands.cancelScrape(scrapeId)),
  saveDraft: (form) => done(commands.saveDraft(form)),

  result: (id) => answer(commands.result(id)),
  recentResults: (find, limit) => answer(commands.recentResults(find, limit)),
  resultData: (query) => answer(commands.resultData(query)),
  resultText: (query) => answer(commands.resultText(query)),
  searchText: (query) => answer(commands.searchText(query)),
  resultNetwork: (query) => answer(commands.resultNetwork(query)),
  networkBody: (id, index) => answer(commands.networkBody(id, index)),
  resultDetails: (id) => answer(commands.resultDetails(id)),
  allowExternal: (id, allow) => done(commands.allowExternal(id, allow)),
  previewUrl: (id, part) => `${PREVIEW}/${encodeURIComponent(id)}/${part}`,

  savePart: (id, kind) => answer(commands.savePart(id, kind)),
  copyPart: (id, part) => answer(commands.copyPart(id, part)),
  copyRequest: (form, kind) => done(commands.copyRequest(form, kind)),
  showInFolder: (path) => done(commands.showInFolder(path)),
  openLink: (address) => done(commands.openLink(address)),
  chooseSaveFolder: () => answer(commands.chooseSaveFolder()),

  onLinkPressed: (tell) => {
    void events.linkPressed.listen(({ payload }) => tell(payload.address));
  },
};
