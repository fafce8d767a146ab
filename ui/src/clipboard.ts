// Puts a short text on the clipboard. Whole results go there through the backend.

import { toasts } from './state/toasts.svelte';

export async function copyText(text: string, what: string): Promise<void> {
  const done = await write(text);
  toasts.show(
    done
      ? { text: `Copied ${what}`, tone: 'ok' }
      : {
          text: 'Copying did not work',
          detail: 'Select the text and copy it yourself.',
          tone: 'bad',
        },
  );
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
