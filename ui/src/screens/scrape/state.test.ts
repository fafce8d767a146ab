// The screen's memory against a scripted backend.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { backend, type AppError, type FormCheck, type ResultView } from '../../backend';
import { confirm } from '../../state/confirm.svelte';
import { scrape } from '../../state/scrape.svelte';
import { toasts } from '../../state/toasts.svelte';
import { emptyForm } from './form';
import { newStep } from './steps';

const FINE: FormCheck = {
  problems: [],
  cost: { credits: 1, free: false },
  budget: null,
  usual: null,
};

function failure(code: AppError['code'], rest: Partial<AppError> = {}): AppError {
  return {
    code,
    message: code,
    details: null,
    problems: [],
    retry_after: null,
    result_id: null,
    ...rest,
  };
}

function result(id: string): ResultView {
  return {
    id,
    address: 'http://shop.example/',
    site: 'shop.example',
    title: 'Shop',
    verdict: 'success',
    headline: '',
    explanation: '',
    error_type: '',
    error_provider: '',
    status: 200,
    message: '',
    account_name: 'Acme',
    local: false,
    credits: 1,
    refunded: false,
    duration_ms: 6200,
    size: 2048,
    created_at: 0,
    form: emptyForm('http://shop.example/'),
    parts: [],
    next_steps: [],
    suggestion: null,
    stop_reason: '',
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(backend, 'checkScrape').mockResolvedValue(FINE);
  vi.spyOn(backend, 'saveDraft').mockResolvedValue();
  vi.spyOn(backend, 'accounts').mockResolvedValue([]);
  vi.spyOn(backend, 'cancelScrape').mockResolvedValue(true);
  scrape.startOver('http://shop.example/');
  scrape.resetOptions();
});

afterEach(async () => {
  await scrape.cancel();
  vi.useRealTimers();
  vi.restoreAllMocks();
  toasts.list = [];
});

it('goes on once by itself after a rate limit, and not twice', async () => {
  const send = vi
    .spyOn(backend, 'scrape')
    .mockRejectedValue(failure('rate_limited', { retry_after: 3 }));
  await scrape.submit();
  expect(scrape.goesOnIn).toBe(3);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(scrape.goesOnIn, 'it counts').toBe(1);
  expect(send).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(send, 'once more by itself').toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(send, 'the person decides from here').toHaveBeenCalledTimes(2);
  expect(scrape.goesOnIn).toBeNull();
  expect(scrape.error?.code).toBe('rate_limited');
});

it('asks before a page that crosses the budget, once for all its tries, and sends nothing before', async () => {
  vi.spyOn(backend, 'checkScrape').mockResolvedValue({
    ...FINE,
    budget: { budget: 10, spent: 10, state: 'over' },
  });
  const send = vi
    .spyOn(backend, 'scrape')
    .mockRejectedValue(failure('rate_limited', { retry_after: 1 }));
  const refused = scrape.submit();
  await vi.advanceTimersByTimeAsync(0);
  expect(confirm.question?.text).toContain('10 of it are spent');
  await scrape.submit();
  confirm.answer(false);
  await refused;
  expect(send, 'not agreed to').not.toHaveBeenCalled();
  const agreed = scrape.submit();
  await vi.advanceTimersByTimeAsync(0);
  confirm.answer(true);
  await agreed;
  expect(send).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(confirm.question, 'agreed to already').toBeNull();
  expect(send, 'goes on by itself').toHaveBeenCalledTimes(2);
});

it('drops what comes after a cancel', async () => {
  let arrive: (view: ResultView) => void = () => undefined;
  vi.spyOn(backend, 'scrape').mockReturnValue(new Promise((resolve) => (arrive = resolve)));
  const sent = scrape.submit();
  await vi.waitFor(() => expect(scrape.running).not.toBeNull());
  await scrape.cancel();
  arrive(result('late'));
  await sent;
  expect(scrape.result, 'a cancelled scrape shows nothing').toBeNull();
  expect(toasts.list[0]?.text).toContain('may still charge');
});

it('shows the result that was kept for a failed call', async () => {
  vi.spyOn(backend, 'scrape').mockRejectedValue(failure('no_answer', { result_id: 'kept' }));
  const read = vi.spyOn(backend, 'result').mockResolvedValue(result('kept'));
  await scrape.submit();
  expect(read).toHaveBeenCalledWith('kept');
  expect(scrape.result?.id).toBe('kept');
  expect(scrape.error).toBeNull();
});

it('opens the group of a problem and asks for the focus', async () => {
  const send = vi.spyOn(backend, 'scrape');
  scrape.form.steps.push(newStep('click'));
  scrape.groups.steps = false;
  vi.spyOn(backend, 'checkScrape').mockResolvedValue({
    ...FINE,
    problems: [{ field: 'steps.0.selector', message: 'Say where to click.' }],
  });
  await scrape.submit();
  expect(send, 'nothing is sent').not.toHaveBeenCalled();
  expect(scrape.groups.steps).toBe(true);
  expect(scrape.wanted).toBe('steps.0.selector');
  expect(scrape.problemIn('steps.0')).toBe('Say where to click.');
});

it('does not nag about a field before the person has left it', async () => {
  vi.spyOn(backend, 'checkScrape').mockResolvedValue({
    ...FINE,
    problems: [{ field: 'extract.0.name', message: 'Give this field a name.' }],
  });
  await scrape.checkNow(emptyForm());
  expect(scrape.problem('extract.0.name')).toBe('');
  scrape.touch('extract.0.name');
  expect(scrape.problem('extract.0.name')).toBe('Give this field a name.');
});

it('saves the draft a little after the last change', async () => {
  const kept = vi.spyOn(backend, 'saveDraft').mockResolvedValue();
  for (const address of ['a', 'ab', 'abc']) scrape.changed(emptyForm(address));
  await vi.advanceTimersByTimeAsync(500);
  expect(kept.mock.calls.map(([form]) => form.address)).toEqual(['abc']);
});

it('sends once, however often the button is pressed', async () => {
  const send = vi.spyOn(backend, 'scrape').mockResolvedValue(result('one'));
  await Promise.all([scrape.submit(), scrape.submit(), scrape.submit()]);
  expect(send).toHaveBeenCalledTimes(1);
});

it('can scrape again right after a cancel, though the first call never ends', async () => {
  const send = vi.spyOn(backend, 'scrape').mockReturnValue(new Promise(() => undefined));
  void scrape.submit();
  await vi.waitFor(() => expect(scrape.running).not.toBeNull());
  await scrape.cancel();
  void scrape.submit();
  await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2));
});
