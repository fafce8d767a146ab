// The keys of the window, as they are pressed and as they are written.

import type { ActionKey } from './state/actions.svelte';

export const MAC = navigator.userAgent.includes('Mac');

/** "Ctrl K", on macOS "⌘ K". */
export function shortcut(keys: string): string {
  return MAC ? keys.replace('Ctrl', '⌘').replace('Shift', '⇧').replace('Alt', '⌥') : keys;
}

/** For `aria-keyshortcuts`. */
export function ariaShortcut(key: string): string {
  return `${MAC ? 'Meta' : 'Control'}+${key}`;
}

export type WindowKey =
  | {
      does:
        | 'palette'
        | 'keys'
        | 'scrape-screen'
        | 'collections-screen'
        | 'proxies-screen'
        | 'usage-screen'
        | 'library-screen'
        | 'new-collection'
        | 'settings'
        | 'next-region';
    }
  | { does: 'focus-address' }
  | { does: 'zoom'; by: -1 | 0 | 1 }
  | { does: 'action'; action: ActionKey };

const WITH_MOD: Record<string, WindowKey> = {
  k: { does: 'palette' },
  l: { does: 'focus-address' },
  '1': { does: 'scrape-screen' },
  '2': { does: 'collections-screen' },
  '5': { does: 'proxies-screen' },
  '6': { does: 'usage-screen' },
  '3': { does: 'library-screen' },
  n: { does: 'new-collection' },
  ',': { does: 'settings' },
  '+': { does: 'zoom', by: 1 },
  '=': { does: 'zoom', by: 1 },
  '-': { does: 'zoom', by: -1 },
  '0': { does: 'zoom', by: 0 },
  Enter: { does: 'action', action: 'scrape' },
  i: { does: 'action', action: 'toggle-options' },
  s: { does: 'action', action: 'save' },
  f: { does: 'action', action: 'find' },
};

/** What a key press asks of the window; null when it is nothing to the window. */
export function windowKey(event: KeyboardEvent): WindowKey | null {
  const mod = MAC ? event.metaKey : event.ctrlKey;
  if (event.key === 'F6') return { does: 'next-region' };
  if (event.ctrlKey && event.key === 'Tab') {
    return { does: 'action', action: event.shiftKey ? 'previous-tab' : 'next-tab' };
  }
  if (mod && !event.altKey) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.shiftKey && key === 'c') return { does: 'action', action: 'copy' };
    return WITH_MOD[key] ?? null;
  }
  if (event.key === '?' && !isTyping(event.target)) return { does: 'keys' };
  if (event.key === 'Escape') return { does: 'action', action: 'cancel' };
  return null;
}

export const KEY_MAP: { label: string; keys: string }[] = [
  { label: 'Jump to anything', keys: 'Ctrl K' },
  { label: 'Go to the address bar', keys: 'Ctrl L' },
  { label: 'Scrape', keys: 'Ctrl Enter' },
  { label: 'Cancel or close', keys: 'Esc' },
  { label: 'Show or hide options', keys: 'Ctrl I' },
  { label: 'Save result', keys: 'Ctrl S' },
  { label: 'Copy result', keys: 'Ctrl Shift C' },
  { label: 'Search this screen', keys: 'Ctrl F' },
  { label: 'Next or previous job', keys: '↓ ↑' },
  { label: 'Next or previous tab', keys: MAC ? 'Control Tab' : 'Ctrl Tab' },
  { label: 'Next part of the window', keys: 'F6' },
  { label: 'Go to Scrape', keys: 'Ctrl 1' },
  { label: 'Go to Collections', keys: 'Ctrl 2' },
  { label: 'Go to Proxies', keys: 'Ctrl 5' },
  { label: 'Go to Usage & billing', keys: 'Ctrl 6' },
  { label: 'Go to the Library', keys: 'Ctrl 3' },
  { label: 'Choose several results', keys: 'Space' },
  { label: 'Delete results', keys: 'Delete' },
  { label: 'New collection', keys: 'Ctrl N' },
  { label: 'Settings', keys: 'Ctrl ,' },
  { label: 'Larger, smaller, usual size', keys: 'Ctrl + − 0' },
  { label: 'This list', keys: '?' },
];

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
