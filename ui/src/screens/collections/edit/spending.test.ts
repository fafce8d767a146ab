// Runs, trials and imports against a scripted backend: nothing is spent twice, or for another price
// than was shown.

import { beforeEach, expect, it, vi } from 'vitest';

import {
  backend,
  type CollectionView,
  type ImportView,
  type RunView,
  type TrialView,
} from '../../../backend';
import { app } from '../../../state/app.svelte';
import { emptyForm } from '../../scrape/form';
import { OpenCollection } from './collection.svelte';
import { FileImport } from './import.svelte';
import { RunQuestion } from './run.svelte';
import { estimate, failure, report } from './sample';
import { Trial } from './trial.svelte';

const VIEW: CollectionView = {
  id: 'c',
  name: 'Autumn',
  options: emptyForm(),
  problems: [],
  pages: 486,
  created_at: 0,
  changed_at: 0,
  last_run: null,
};

let collection: OpenCollection;

beforeEach(async () => {
  vi.restoreAllMocks();
  app.runId = '';
  vi.spyOn(backend, 'collection').mockResolvedValue(VIEW);
  vi.spyOn(backend, 'report').mockResolvedValue(report(486));
  vi.spyOn(backend, 'estimate').mockResolvedValue(estimate());
  vi.spyOn(backend, 'accounts').mockResolvedValue([]);
  vi.spyOn(backend, 'pages').mockResolvedValue({ rows: [], found: 0, all: 0 });
  collection = new OpenCollection('c');
  await collection.load();
  await collection.estimateNow();
});

function started(): RunView {
  return { run: { id: 'run-1' } } as RunView;
}

it('a run is started once, for the price that was shown', async () => {
  const start = vi.spyOn(backend, 'startRun').mockResolvedValue(started());
  const run = new RunQuestion(collection);
  await run.open();
  expect(run.step).toBe('asking');
  await Promise.all([run.agree(), run.agree(), run.agree()]);
  expect(start).toHaveBeenCalledTimes(1);
  expect(start).toHaveBeenCalledWith({ collection_id: 'c', confirmed_ceiling: 2430 });
  expect(app.runId).toBe('run-1');
});

it.each(['over_quota', 'over_budget'])('what is %s is asked a second time', async (over) => {
  vi.spyOn(backend, 'estimate').mockResolvedValue(estimate({ [over]: true, budget: 1 }));
  const start = vi.spyOn(backend, 'startRun').mockResolvedValue(started());
  const run = new RunQuestion(collection);
  await run.open();
  await run.agree();
  expect(run.step).toBe('asking-again');
  expect(start).not.toHaveBeenCalled();
  await run.agree();
  expect(start).toHaveBeenCalledTimes(1);
});

it('a price that has changed is shown and asked about again', async () => {
  const start = vi
    .spyOn(backend, 'startRun')
    .mockRejectedValueOnce(failure('price_changed'))
    .mockResolvedValue(started());
  const run = new RunQuestion(collection);
  await run.open();
  vi.spyOn(backend, 'estimate').mockResolvedValue(estimate({ credits: 2500, over_quota: true }));
  await run.agree();
  expect([run.step, run.before?.credits, run.shown?.credits]).toEqual(['asking', 2430, 2500]);
  await run.agree();
  expect(run.step, 'the new price is too much: asked again').toBe('asking-again');
  await run.agree();
  expect(start).toHaveBeenLastCalledWith({ collection_id: 'c', confirmed_ceiling: 2500 });
});

it('options that can’t be lead to the options, not to a run', async () => {
  const problems = [{ field: 'screenshot', message: 'A screenshot needs a real browser.' }];
  vi.spyOn(backend, 'collection').mockResolvedValue({ ...VIEW, problems });
  await collection.load();
  const run = new RunQuestion(collection);
  await run.open();
  expect([run.step, collection.optionsOpen]).toEqual(['closed', true]);
  expect(collection.problem('screenshot')).toBe('A screenshot needs a real browser.');
});

it('a trial sends the ceiling it showed, and says when a cancel may still cost', async () => {
  let finish: (view: TrialView) => void = () => undefined;
  const tries = vi
    .spyOn(backend, 'tryPages')
    .mockImplementation(() => new Promise((resolve) => (finish = resolve)));
  vi.spyOn(backend, 'cancelTrial').mockResolvedValue(true);
  const trial = new Trial();
  const running = Promise.all([trial.start(collection), trial.start(collection)]);
  await vi.waitFor(() => expect(tries).toHaveBeenCalledTimes(1));
  expect(tries.mock.lastCall?.[0]).toMatchObject({ pages: 5, confirmed_ceiling: 25 });
  await trial.cancel();
  expect(trial.note).toContain('may still charge');
  finish({ pages: [], done: true, credits: 0, average_ms: 0, suggestion: null });
  await running;
  expect([trial.running, trial.view]).toEqual([false, null]);
});

it('what is typed is saved before it is run', async () => {
  const order: string[] = [];
  vi.spyOn(backend, 'updateCollection').mockImplementation((_, { name, options }) => {
    order.push('saved');
    return Promise.resolve({ ...VIEW, name, options });
  });
  vi.spyOn(backend, 'startRun').mockImplementation(() => {
    order.push('started');
    return Promise.resolve(started());
  });
  collection.form.browser = true;
  collection.optionsChanged({ ...emptyForm(), browser: true });
  expect(collection.saving).toBe(true);
  const run = new RunQuestion(collection);
  await run.open();
  await run.agree();
  expect(order).toEqual(['saved', 'started']);
});

it('a name that can’t be is said at its field, and options are saved without it', async () => {
  const update = vi
    .spyOn(backend, 'updateCollection')
    .mockRejectedValueOnce(
      failure('invalid_form', { problems: [{ field: 'name', message: 'Enter a name.' }] }),
    )
    .mockImplementation((_, { name, options }) => Promise.resolve({ ...VIEW, name, options }));
  collection.name = '';
  await collection.rename();
  expect(collection.nameProblem).toBe('Enter a name.');
  collection.form.browser = true;
  await collection.save();
  expect(update.mock.lastCall?.[1]).toMatchObject({ name: 'Autumn', options: { browser: true } });
  expect(collection.name, 'what was typed stays').toBe('');
  collection.undoRename();
  expect([collection.name, collection.nameProblem]).toEqual(['Autumn', '']);
});

const FILE: ImportView = {
  import_id: '',
  file_name: 'pages.csv',
  kind: 'table',
  rows: 3,
  columns: [
    { name: 'url', samples: [], meaning: 'address' },
    { name: 'sku', samples: [], meaning: null },
  ],
  choice: { separator: ',', encoding: 'UTF-8', has_header: true, sheet: '' },
  encodings: [],
  sheets: [],
  notes: [],
};

it('an import that was cancelled brings nothing any more', async () => {
  let read: (view: ImportView) => void = () => undefined;
  vi.spyOn(backend, 'importDropped').mockImplementation(
    () => new Promise((resolve) => (read = resolve)),
  );
  const cancel = vi.spyOn(backend, 'cancelImport').mockResolvedValue();
  const file = new FileImport('c', () => Promise.resolve());
  const opening = file.drop('/home/ana/pages.csv');
  await vi.waitFor(() => expect(file.step).toBe('opening'));
  expect(file.fileName).toBe('pages.csv');
  await file.close();
  expect(cancel).toHaveBeenCalledTimes(1);
  read(FILE);
  await opening;
  expect([file.step, file.view]).toEqual(['closed', null]);
});

it('an import says what is wrong at its column, and is applied once', async () => {
  vi.spyOn(backend, 'importDropped').mockResolvedValue(FILE);
  const problems = [{ field: 'columns.1', message: 'Another column is this already.' }];
  const added = { added: 3, first_id: 1, last_id: 3, report: report(3) };
  const apply = vi
    .spyOn(backend, 'applyImport')
    .mockRejectedValueOnce(failure('invalid_form', { problems }))
    .mockResolvedValue(added);
  const told = vi.fn(() => Promise.resolve());
  const file = new FileImport('c', told);
  await file.drop('pages.csv');
  file.setMeaning(1, 'address');
  await file.apply();
  expect([file.step, file.problem('columns.1')]).toEqual([
    'choosing',
    'Another column is this already.',
  ]);
  file.setMeaning(1, 'label');
  expect(file.problem('columns.1')).toBe('');
  await Promise.all([file.apply(), file.apply()]);
  expect(apply).toHaveBeenCalledTimes(2);
  expect(apply.mock.lastCall?.[2]).toEqual(['address', 'label']);
  expect(told).toHaveBeenCalledWith(added);
  expect(file.open).toBe(false);
});
