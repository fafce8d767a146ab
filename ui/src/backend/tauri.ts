// The app's own backend: Rust, over Tauri's commands. With the generated bindings, the only file
// that knows Tauri.

import { Channel } from '@tauri-apps/api/core';

import { commands, events } from './bindings';
import type { Backend } from './index';
import type { AppError, ScrapeProgress } from './types';

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

export const tauri: Backend = {
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
  showInFolder: (path) => done(commands.showInFolder(path)),
  openLink: (address) => done(commands.openLink(address)),
  chooseSaveFolder: () => answer(commands.chooseSaveFolder()),

  onLinkPressed: (tell) => {
    void events.linkPressed.listen(({ payload }) => tell(payload.address));
  },
};
