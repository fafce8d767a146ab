/** What holds a run up, and who does something about it. */
import type { AppError, RunView } from '../../backend';
import { ERROR_WORDS, errorSentence } from '../../errors';
import { count, plural } from '../../format';

export type WayOut = 'replace_key' | 'go_on' | 'watch' | 'work_here' | 'health';

export interface Trouble {
  tone: 'bad' | 'warn' | 'quiet';
  title: string;
  text: string;
  /** The first is the one to press. */
  ways: WayOut[];
  details: string;
}

export const WAY_LABELS: Record<WayOut, string> = {
  replace_key: 'Enter the key…',
  go_on: 'Go on',
  watch: 'Watch again',
  work_here: 'Work on this computer',
  health: 'Service health',
};

/** Null while nothing needs a word. */
export function troubleOf({ run, trouble }: RunView): Trouble | null {
  if (run.state === 'not_started') return neverStarted(trouble);
  if (run.state === 'watching_stopped') {
    return {
      tone: 'warn',
      title: 'You stopped watching this run',
      text: run.local
        ? `This computer may go on with ${plural(run.waiting, 'page')}. Watch again to see and save them.`
        : `The service may go on with ${plural(run.waiting, 'page')} and charge for them. It keeps results for 24 h: watch again to save them here.`,
      ways: ['watch'],
      details: '',
    };
  }
  if (!trouble || run.state === 'finished') return null;
  const words = ERROR_WORDS[trouble.code];
  const details = trouble.details ?? '';
  if (needsPerson(trouble)) {
    return {
      tone: 'warn',
      title: `The run waits: ${lowerFirst(words.title)}`,
      text: `${errorSentence(trouble)} Pages that wait at the service go on there.`,
      ways: trouble.code.startsWith('keychain') ? ['go_on'] : ['replace_key', 'go_on'],
      details,
    };
  }
  return {
    tone: 'quiet',
    title: words.title,
    text: `${errorSentence(trouble)} The run goes on by itself as soon as it can.`,
    ways: trouble.code === 'service_problem' ? ['health'] : [],
    details,
  };
}

/** "The service goes on with 174 pages": what stopping does, before it is done. */
export function stopQuestion({ run }: RunView) {
  const pages = plural(run.waiting, 'page');
  return {
    title: `Stop watching run ${count(run.number)}?`,
    text: run.local
      ? `This computer goes on with the ${pages} that wait. Their results are not saved until you watch again. What has arrived stays.`
      : `The service has no way to stop a run: it goes on with the ${pages} that wait and may charge for them. It keeps their results for 24 h, so watch again before then to save them. What has arrived stays.`,
    keep: 'Keep watching',
    act: 'Stop watching',
  };
}

function neverStarted(trouble: AppError | null): Trouble {
  const sentence = trouble ? errorSentence(trouble) : '';
  const quota = trouble?.code === 'quota_used_up';
  const key = trouble?.code.startsWith('key') ?? false;
  return {
    tone: 'bad',
    title: 'This run was never started',
    text: `${sentence} Nothing was charged. Start it again from the collection.`.trim(),
    ways: quota ? ['work_here'] : key ? ['replace_key'] : [],
    details: trouble?.details ?? '',
  };
}

function needsPerson({ code }: AppError): boolean {
  return code.startsWith('key');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
