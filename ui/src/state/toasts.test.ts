import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { toasts } from './toasts.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

const shown = () => toasts.list.map(({ text }) => text);

test('a message stays for 6 seconds', () => {
  toasts.show({ text: 'Saved' });
  vi.advanceTimersByTime(5_999);
  expect(shown()).toEqual(['Saved']);
  vi.advanceTimersByTime(1);
  expect(shown()).toEqual([]);
});

test('with an action it stays for 10 seconds', () => {
  toasts.show({ text: 'Removed', action: { label: 'Undo', act: () => undefined } });
  vi.advanceTimersByTime(9_999);
  expect(shown()).toEqual(['Removed']);
  vi.advanceTimersByTime(1);
  expect(shown()).toEqual([]);
});

test('it waits while the pointer or the focus is on it, and goes on with what was left', () => {
  const id = toasts.show({ text: 'Saved' });
  vi.advanceTimersByTime(4_000);
  toasts.pause(id);
  vi.advanceTimersByTime(60_000);
  expect(shown(), 'paused').toEqual(['Saved']);
  toasts.resume(id);
  toasts.resume(id);
  vi.advanceTimersByTime(1_999);
  expect(shown(), 'two seconds were left').toEqual(['Saved']);
  vi.advanceTimersByTime(1);
  expect(shown()).toEqual([]);
});

test('each message has its own clock, and closing one leaves the others', () => {
  const first = toasts.show({ text: 'First' });
  vi.advanceTimersByTime(1_000);
  toasts.show({ text: 'Second' });
  toasts.close(first);
  expect(shown()).toEqual(['Second']);
  vi.advanceTimersByTime(5_500);
  expect(shown()).toEqual(['Second']);
  vi.advanceTimersByTime(500);
  expect(shown()).toEqual([]);
});
