// The whole app in memory, for an ordinary browser tab and for tests. Switches in the address:
// `?as=new|local|cloud|low|empty|session|unknown|demo` says who is working,
// `?fail=command:code,…` lets commands fail, `?slow` makes every answer late, `?notice` brings one,
// `?run=id` opens a run at once, `?budget=500` is a monthly budget, `?usage=several|odd|kept|early|none`
// says what was used.

import {
  checkedAccount,
  demoAccount,
  failure,
  healthOf,
  newAccount,
  startingAccounts,
} from './fake-accounts';
import {
  blockedResult,
  DATA_COLUMNS,
  DATA_ROWS,
  emptyForm,
  failedResult,
  fileResult,
  NETWORK_ROWS,
  PAGE_HTML,
  PAGE_MARKDOWN,
  previewData,
  SAMPLE_ADDRESS,
  sampleResult,
  textLines,
} from './fake-shop';
import { fakeCollections } from './fake-collections';
import { fakeCountries } from './fake-countries';
import { fakeExports } from './fake-exports';
import { fakeLibrary, keepSamples } from './fake-library';
import { startingRuns } from './fake-run-samples';
import { fakeRuns } from './fake-runs';
import { fakeBudget, fakeUsage, SPENT } from './fake-usage';
import { fakeTemplates } from './fake-templates';
import type { Backend } from './index';
import type {
  AccountView,
  DataQuery,
  ErrorCode,
  FieldProblem,
  NetworkRow,
  Part,
  ResultView,
  SaveKind,
  ScrapeForm,
  ScrapeProgress,
  Settings,
  TextHit,
} from './types';

const FILE_NAMES: Record<SaveKind, string> = {
  page: 'tents.html',
  markdown: 'tents.md',
  screenshot: 'tents.png',
  file: 'tents.pdf',
  data_csv: 'tents.csv',
  data_json: 'tents.json',
  network_json: 'tents-network.json',
};

const SETTINGS: Settings = {
  theme: 'system',
  text_size: 'normal',
  reduce_motion: false,
  ask_where: true,
  save_folder: '',
  csv: 'comma',
  give_up_seconds: 120,
  system_proxy: true,
  allowed_hosts: [],
  options_open: true,
  local_hint_dismissed: false,
  monthly_budget: 0,
  dim_previews: false,
  notify_runs: true,
  collections_sort: 'last_run',
  countries_as_list: false,
  export: {
    which: 'all',
    format: 'xlsx',
    label_and_address: true,
    fields: true,
    failures: false,
    file_names: '',
  },
  charts_as_tables: [],
  keep_days: 0,
  library_view: 'grid',
  library_sort: 'newest',
};

/** Settings outlive a reload, as the data folder does. */
const KEPT = 'fake-settings';

export function fakeBackend(switches: URLSearchParams): Backend {
  const pace = switches.has('slow') ? 10 : 1;
  const failures = new Map(
    (switches.get('fail') ?? '').split(',').map((entry) => {
      const [command = '', code = ''] = entry.split(':');
      return [command, code as ErrorCode] as const;
    }),
  );
  let accounts: AccountView[] = startingAccounts(switches.get('as') ?? 'local');
  let settings: Settings = {
    ...SETTINGS,
    monthly_budget: Number(switches.get('budget') ?? 0),
    ...(JSON.parse(sessionStorage.getItem(KEPT) ?? '{}') as Partial<Settings>),
  };
  let draft = emptyForm();
  const results = new Map<string, ResultView>();
  const running = new Map<string, () => void>();
  keepEarlierResults(results);
  if (switches.has('library')) keepSamples(results);
  const wantedRun = switches.get('run');
  // The window's state needs this backend first.
  if (wantedRun) void import('../state/app.svelte').then(({ app }) => app.openRun(wantedRun));

  const active = () => accounts.find((account) => account.active);
  const isLocal = () => active()?.kind === 'local';

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms * pace));
  }

  /** Answers after a moment, or fails as the address asks. */
  async function reply<T>(command: string, make: () => T): Promise<T> {
    await wait(30);
    const code = failures.get(command);
    if (code) throw failure(code);
    return structuredClone(make());
  }

  function activate(id: string): AccountView[] {
    accounts = accounts.map((account) => ({ ...account, active: account.id === id }));
    return accounts;
  }

  function change(id: string, changed: Partial<AccountView>): AccountView[] {
    accounts = accounts.map((one) => (one.id === id ? { ...one, ...changed } : one));
    return accounts;
  }

  function kept(id: string): ResultView {
    const result = results.get(id);
    if (!result) throw failure('not_found');
    return result;
  }

  async function scrape(
    scrapeId: string,
    form: ScrapeForm,
    onProgress: (step: ScrapeProgress) => void,
  ): Promise<ResultView> {
    const cancelled = new Promise<never>((_, reject) => {
      running.set(scrapeId, () => reject(failure('cancelled')));
    });
    const work = async () => {
      const late = form.address.includes('slow') ? 40 : 1;
      for (const step of stages(form, isLocal())) {
        onProgress(step);
        await wait(90 * late);
      }
      const code = failures.get('scrape');
      if (code) throw failure(code);
      const make = resultFor(form.address);
      return make(crypto.randomUUID(), structuredClone(form), isLocal());
    };
    try {
      const result = await Promise.race([work(), cancelled]);
      results.set(result.id, result);
      return structuredClone(result);
    } finally {
      running.delete(scrapeId);
    }
  }

  const known = startingRuns();
  const collections = fakeCollections(reply, isLocal, {
    switches,
    kept,
    runs: known,
    account: active,
    budget: () => settings.monthly_budget,
    pace,
  });
  const runs = fakeRuns(reply, isLocal, {
    runs: known,
    keep: (result) => results.set(result.id, result),
    toRun: collections.toRun,
    spending: (credits) => {
      const left = active()?.credits?.left ?? null;
      const budget = settings.monthly_budget;
      return {
        credits,
        left,
        over_quota: left !== null && credits > left,
        budget: budget > 0 ? budget : null,
        spent: SPENT,
        over_budget: budget > 0 && credits > 0 && SPENT + credits > budget,
      };
    },
  });

  return {
    ...collections.backend,
    ...runs,
    ...fakeExports(reply, runs),
    ...fakeCountries(reply, () => ({ id: active()?.id ?? '', local: isLocal() }), switches),
    ...fakeUsage(reply, active, switches.get('usage') ?? '', () => settings.monthly_budget),
    ...fakeLibrary(reply, results, switches),
    ...fakeTemplates(reply),

    start: () =>
      reply('start', () => ({
        version: '0.1.0',
        data_dir: '/home/ana/.local/share/scrapingpros',
        settings,
        accounts,
        draft,
        sample_address: SAMPLE_ADDRESS,
        notices: switches.has('notice')
          ? [
              {
                id: 'settings',
                title: 'Your settings could not be read.',
                text: 'They were set aside, and the app started with fresh ones.',
              },
            ]
          : [],
      })),
    updateSettings: (changed) =>
      reply('update_settings', () => {
        sessionStorage.setItem(KEPT, JSON.stringify(changed));
        return (settings = changed);
      }),
    dismissNotice: () => reply('dismiss_notice', () => undefined),

    accounts: () => reply('accounts', () => accounts),
    checkAccount: (form) => reply('check_account', () => checkedAccount(form)),
    addAccount: async (form) => {
      if (form.keep === 'session') failures.delete('add_account');
      return reply('add_account', () => {
        const account = newAccount(form);
        accounts = [account, ...accounts];
        return activate(account.id);
      });
    },
    addDemoAccount: () =>
      reply('add_demo_account', () => {
        if (!accounts.some(({ id }) => id === 'demo')) accounts = [demoAccount(), ...accounts];
        return activate('demo');
      }),
    selectAccount: (id) => reply('select_account', () => activate(id)),
    renameAccount: (id, name) => reply('rename_account', () => change(id, { name })),
    replaceKey: (id, form) =>
      reply('replace_key', () => {
        const { key_hint, key_state, credits } = newAccount(form);
        return change(id, { key_hint, key_state, credits, problem: null });
      }),
    forgetAccount: (id) =>
      reply('forget_account', () => {
        const wasActive = active()?.id === id;
        accounts = accounts.filter((account) => account.id !== id);
        return wasActive ? activate('local') : accounts;
      }),
    testAccount: (id) =>
      reply('test_account', () => change(id, { checked_at: Math.floor(Date.now() / 1000) })),
    accountHealth: (id) =>
      reply('account_health', () => healthOf(accounts.find((account) => account.id === id))),

    checkScrape: (form) =>
      reply('check_scrape', () => ({
        problems: formProblems(form),
        cost: { credits: isLocal() ? 0 : form.browser ? 5 : 1, free: isLocal() },
        budget: isLocal() ? null : fakeBudget(settings.monthly_budget, SPENT, form.browser ? 5 : 1),
        usual: form.address.includes('sample.shop')
          ? { low_ms: 600, high_ms: 2_400, count: 12 }
          : null,
      })),
    scrape,
    cancelScrape: async (scrapeId) => {
      running.get(scrapeId)?.();
      return !isLocal();
    },
    saveDraft: (form) =>
      reply('save_draft', () => {
        draft = form;
      }),

    result: (id) => reply('result', () => kept(id)),
    recentResults: (find, limit) =>
      reply('recent_results', () =>
        [...results.values()]
          .filter(({ title, address }) => contains(`${title} ${address}`, find))
          .sort((a, b) => b.created_at - a.created_at)
          .slice(0, limit)
          .map(({ id, title, address, verdict, created_at, parts }) => ({
            id,
            title,
            address,
            verdict,
            created_at,
            has_thumbnail: parts.some(({ part }) => part === 'screenshot'),
          })),
      ),
    resultData: (query) => reply('result_data', () => dataPage(query)),
    resultText: ({ part, offset, limit }) =>
      reply('result_text', () => {
        const lines = textLines(textOf(part), part === 'page');
        return { lines: lines.slice(offset, offset + limit), total: lines.length, widest: 96 };
      }),
    searchText: ({ part, query }) =>
      reply('search_text', () => {
        const hits = findAll(textOf(part), query);
        return { hits, total: hits.length };
      }),
    resultNetwork: ({ find, kind, offset, limit }) =>
      reply('result_network', () => {
        const of = (filter: string) => NETWORK_ROWS.filter((row) => filterOf(row) === filter);
        const rows = (kind === 'all' ? NETWORK_ROWS : of(kind)).filter(({ address }) =>
          contains(address, find),
        );
        return {
          rows: rows.slice(offset, offset + limit),
          matching: rows.length,
          all: NETWORK_ROWS.length,
          data: of('data').length,
          images: of('images').length,
          other: of('other').length,
        };
      }),
    networkBody: (_id, index) =>
      reply('network_body', () => ({
        text: JSON.stringify({ index, products: DATA_ROWS.length }, null, 2),
        content_type: 'application/json',
        truncated: false,
        binary: false,
      })),
    resultDetails: (id) =>
      reply('result_details', () => {
        const result = kept(id);
        return {
          facts: [
            { label: 'Address', value: result.address },
            { label: 'Answer', value: `${result.status}` },
            { label: 'Account', value: result.account_name },
          ],
          timings: [
            { label: 'Connecting', ms: 40 },
            { label: 'Loading', ms: result.duration_ms - 40 },
          ],
          script_values: [],
          technical: JSON.stringify({ url: result.address, browser: result.form.browser }, null, 2),
        };
      }),
    allowExternal: () => reply('allow_external', () => undefined),
    previewUrl: (_id, part) => previewData(part),

    savePart: (_id, kind) =>
      reply('save_part', () => ({
        path: `/home/ana/Documents/${FILE_NAMES[kind]}`,
        name: FILE_NAMES[kind],
        folder: 'Documents',
        size: 18_432,
      })),
    copyPart: (_id, part) => reply('copy_part', () => textOf(part).length),
    copyRequest: () => reply('copy_request', () => undefined),
    showInFolder: () => reply('show_in_folder', () => undefined),
    openLink: () => reply('open_link', () => undefined),
    chooseSaveFolder: () => reply('choose_save_folder', () => '/home/ana/Documents/Scraping Pros'),

    onLinkPressed: (tell) => {
      window.addEventListener('fake-link', (event) => {
        if (event instanceof CustomEvent) tell(String(event.detail));
      });
    },
  };
}

function keepEarlierResults(results: Map<string, ResultView>): void {
  const form = { ...emptyForm(SAMPLE_ADDRESS), browser: true, screenshot: true };
  const day = 86_400;
  const earlier: [string, string, number][] = [
    ['earlier-1', 'Tents – Nordlys Outfitters', 2 * 3600],
    ['earlier-2', 'Trade price list', day],
    ['earlier-3', 'El precio del trigo sube', 3 * day],
  ];
  for (const [id, title, age] of earlier) {
    const result = sampleResult(id, form, true);
    results.set(id, { ...result, title, created_at: result.created_at - age });
  }
}

type ResultMaker = (id: string, form: ScrapeForm, local: boolean) => ResultView;

function resultFor(address: string): ResultMaker {
  if (/blocked|captcha/.test(address)) return blockedResult;
  if (/gone|missing/.test(address)) return failedResult;
  return address.endsWith('.pdf') ? fileResult : sampleResult;
}

function stages(form: ScrapeForm, local: boolean): ScrapeProgress[] {
  if (!local) {
    return [
      { stage: 'sending' },
      { stage: 'waiting' },
      { stage: 'receiving', bytes: 18_432 },
      { stage: 'saving' },
    ];
  }
  if (!form.browser) return [{ stage: 'fetching' }, { stage: 'saving' }];
  const steps = form.steps.map<ScrapeProgress>((_, at) => ({
    stage: 'step',
    index: at + 1,
    total: form.steps.length,
  }));
  const shot: ScrapeProgress[] = form.screenshot ? [{ stage: 'screenshot' }] : [];
  return [
    { stage: 'starting_browser' },
    { stage: 'opening' },
    ...steps,
    ...shot,
    { stage: 'collecting' },
    { stage: 'saving' },
  ];
}

function formProblems(form: ScrapeForm): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (/\s/.test(form.address.trim())) {
    problems.push({
      field: 'address',
      message: 'This does not look like a page address. Try sample.shop/tents',
    });
  }
  if (form.screenshot && !form.browser) {
    problems.push({ field: 'screenshot', message: 'A screenshot needs a real browser.' });
  }
  return problems;
}

function contains(text: string, find: string): boolean {
  return text.toLowerCase().includes(find.toLowerCase());
}

function textOf(part: Part): string {
  if (part === 'markdown') return PAGE_MARKDOWN;
  if (part === 'data') return DATA_ROWS.map(({ cells }) => cells.join('\t')).join('\n');
  return PAGE_HTML;
}

function filterOf({ kind }: NetworkRow): 'data' | 'images' | 'other' {
  if (kind === 'Data') return 'data';
  return kind === 'Image' ? 'images' : 'other';
}

function findAll(text: string, query: string): TextHit[] {
  if (!query) return [];
  const wanted = query.toLowerCase();
  return text.split('\n').flatMap((line, number) => {
    const hits: TextHit[] = [];
    const lower = line.toLowerCase();
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
      hits.push({ line: number, start: at, length: wanted.length });
    }
    return hits;
  });
}

function dataPage({ find, sort, descending, offset, limit }: DataQuery) {
  const rows = DATA_ROWS.filter(({ cells }) => cells.some((cell) => contains(cell ?? '', find)));
  const column = DATA_COLUMNS.indexOf(sort);
  if (column >= 0) {
    const direction = descending ? -1 : 1;
    rows.sort(
      (a, b) =>
        direction *
        (a.cells[column] ?? '').localeCompare(b.cells[column] ?? '', 'en', { numeric: true }),
    );
  }
  const values = DATA_ROWS.flatMap(({ cells }) => cells);
  return {
    columns: DATA_COLUMNS,
    rows: rows.slice(offset, offset + limit),
    matching: rows.length,
    total: DATA_ROWS.length,
    empty_values: values.filter((cell) => cell === null).length,
  };
}
