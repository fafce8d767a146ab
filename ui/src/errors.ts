// The words of every failure: what happened, what to do, and one thing to press next.

import type { AppError, ErrorCode } from './backend';

export type ErrorAction =
  | 'retry'
  | 'replace_key'
  | 'accounts'
  | 'health'
  | 'work_here'
  | 'change_limit'
  | 'keep_for_session'
  | 'any_country'
  | 'ask_country'
  | 'sample';

export interface ErrorWords {
  title: string;
  whatToDo: string;
  action: ErrorAction | null;
}

export const ERROR_WORDS: Record<ErrorCode, ErrorWords> = {
  invalid_form: {
    title: 'Something in the form needs a look',
    whatToDo: 'The marked fields say what to change.',
    action: null,
  },
  key_rejected: {
    title: 'The key was not accepted',
    whatToDo: 'It may have been replaced.',
    action: 'replace_key',
  },
  key_missing: {
    title: 'This account has no key at hand',
    whatToDo: 'Enter the key again to go on.',
    action: 'replace_key',
  },
  key_malformed: {
    title: 'This does not look like a key',
    whatToDo: 'A key has only letters, digits and signs. Copy it again, without line breaks.',
    action: 'replace_key',
  },
  country_not_approved: {
    title: 'This country can’t be used yet',
    whatToDo: 'Ask for it, or choose any country.',
    action: 'ask_country',
  },
  address_refused: {
    title: 'This address is private, so the service cannot open it',
    whatToDo: 'Pages on your own network can be opened on this computer.',
    action: 'work_here',
  },
  options_refused: {
    title: 'Some options do not go together',
    whatToDo: 'Change the options named below and scrape again.',
    action: null,
  },
  rate_limited: {
    title: 'A little too fast',
    whatToDo: 'Your plan allows a number of scrapes a minute. Wait a moment and go on.',
    action: 'retry',
  },
  quota_used_up: {
    title: 'No credits left this month',
    whatToDo: 'Work on this computer is still free.',
    action: 'work_here',
  },
  service_problem: {
    title: 'Scraping Pros has a problem right now',
    whatToDo: 'Try again in a moment, or look at the service health.',
    action: 'health',
  },
  unreachable: {
    title: 'This computer cannot reach Scraping Pros',
    whatToDo: 'Check the connection to the internet. The sample shop works without it.',
    action: 'retry',
  },
  no_answer: {
    title: 'No answer in time',
    whatToDo: 'The credits may still be charged. You can allow more time in Settings, Network.',
    action: 'change_limit',
  },
  not_an_api: {
    title: 'Nothing at this server address speaks for Scraping Pros',
    whatToDo: 'Check the server address, or leave it empty to use the service’s own.',
    action: 'accounts',
  },
  keychain_missing: {
    title: 'This system has no keychain',
    whatToDo: 'The key can be kept until you quit. To keep it for longer, install a keychain.',
    action: 'keep_for_session',
  },
  keychain_no_collection: {
    title: 'The keychain has no place for keys yet',
    whatToDo:
      'Make a default keyring in your system’s password app, or keep the key until you quit.',
    action: 'keep_for_session',
  },
  keychain_locked: {
    title: 'The keychain is locked',
    whatToDo: 'Unlock it and try again, or keep the key until you quit.',
    action: 'keep_for_session',
  },
  keychain_other: {
    title: 'The keychain did not take the key',
    whatToDo: 'Try again, or keep the key until you quit.',
    action: 'keep_for_session',
  },
  engine_stopped: {
    title: 'The engine on this computer stopped',
    whatToDo: 'Try again: it starts anew by itself. If it stops again, restart the app.',
    action: 'retry',
  },
  not_found: {
    title: 'This is not there any more',
    whatToDo: 'It may have been removed. Scrape the page again.',
    action: null,
  },
  price_changed: {
    title: 'The price has changed',
    whatToDo:
      'The list, its options or the prices are not what they were. Look at the new price and start again.',
    action: null,
  },
  storage: {
    title: 'This could not be written to disk',
    whatToDo: 'Check that the disk has room and can be written to, then try again.',
    action: 'retry',
  },
  cancelled: {
    title: 'Cancelled',
    whatToDo: 'You stopped waiting.',
    action: null,
  },
  unexpected: {
    title: 'Something did not work',
    whatToDo: 'Try again. If it happens again, the technical details help to find out why.',
    action: 'retry',
  },
};

export const ACTION_LABELS: Record<ErrorAction, string> = {
  retry: 'Try again',
  replace_key: 'Replace key…',
  accounts: 'Open accounts',
  health: 'Service health',
  work_here: 'Work on this computer',
  change_limit: 'Change the limit',
  keep_for_session: 'Keep it until I quit',
  any_country: 'Use any country',
  ask_country: 'Open Proxies',
  sample: 'Open the sample shop',
};

/** What a rejected call carries; anything else becomes `unexpected`. */
export function asAppError(cause: unknown): AppError {
  if (isAppError(cause)) return cause;
  const details = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return {
    code: 'unexpected',
    message: '',
    details,
    problems: [],
    retry_after: null,
    result_id: null,
  };
}

/** The sentence under the title: the core's own when it has one. */
export function errorSentence(error: AppError): string {
  return error.message.trim() || ERROR_WORDS[error.code].whatToDo;
}

function isAppError(cause: unknown): cause is AppError {
  return typeof cause === 'object' && cause !== null && 'code' in cause && isErrorCode(cause.code);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_WORDS, code);
}
