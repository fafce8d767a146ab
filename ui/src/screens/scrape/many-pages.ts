/** From one page to many: a collection with the options and the page of a result. */
import { backend, type ResultView } from '../../backend';
import { asAppError, ERROR_WORDS, errorSentence } from '../../errors';
import { app } from '../../state/app.svelte';
import { toasts } from '../../state/toasts.svelte';

/** A second press must not make a second one. */
let making = false;

export async function runOnManyPages(result: ResultView): Promise<void> {
  if (making) return;
  making = true;
  try {
    const { id, name } = await backend.collectionFromResult(result.id);
    app.openCollection(id);
    toasts.show({
      text: `Made the collection “${name}”`,
      detail: 'It has this page and these options. Add more pages, then run it.',
      tone: 'ok',
    });
  } catch (cause) {
    const error = asAppError(cause);
    toasts.show({ text: ERROR_WORDS[error.code].title, detail: errorSentence(error), tone: 'bad' });
  }
  making = false;
}
