/** Browser steps in plain words, and the fresh step of each kind. */
import type { FieldForm, StepForm, StepKind } from '../../backend';
import { plural } from '../../format';
import type { IconName } from '../../icons';

export interface StepKindWords {
  kind: StepKind;
  label: string;
  icon: IconName;
}

export const STEP_KINDS: StepKindWords[] = [
  { kind: 'click', label: 'Click', icon: 'click' },
  { kind: 'input', label: 'Type', icon: 'keyboard' },
  { kind: 'select', label: 'Choose from a list', icon: 'list' },
  { kind: 'key_press', label: 'Press a key', icon: 'enter' },
  { kind: 'wait_for', label: 'Wait for something', icon: 'hourglass' },
  { kind: 'wait', label: 'Wait a while', icon: 'timer' },
  { kind: 'script', label: 'Run a script', icon: 'code' },
  { kind: 'collect', label: 'Collect fields', icon: 'table' },
  { kind: 'repeat', label: 'Repeat steps', icon: 'repeat' },
];

/** Part of a sentence; the strong parts are the person's own words. */
export interface Word {
  text: string;
  strong: boolean;
}

export function stepIcon(kind: StepKind): IconName {
  return STEP_KINDS.find((words) => words.kind === kind)?.icon ?? 'click';
}

export function newStep(kind: StepKind): StepForm {
  return {
    kind,
    selector: '',
    text: kind === 'key_press' ? 'Enter' : '',
    time: usualTime(kind),
    state: 'default',
    optional: false,
    wait_for_navigation: false,
    while_visible: true,
    max_rounds: 20,
    steps: [],
    extract: kind === 'collect' ? [newField()] : [],
  };
}

/** Changes what a step does and keeps all that was typed. */
export function changeKind(step: StepForm, kind: StepKind): void {
  step.kind = kind;
  if (step.time === 0) step.time = usualTime(kind);
  if (kind === 'collect' && step.extract.length === 0) step.extract.push(newField());
  if (kind === 'key_press' && step.text === '') step.text = 'Enter';
}

export function newField(): FieldForm {
  return { name: '', selector: '', attribute: '', multiple: false };
}

export function stepSentence(step: StepForm): Word[] {
  switch (step.kind) {
    case 'click':
      return [plain('Click '), strong(place(step.selector))];
    case 'input':
      return [
        plain('Type '),
        strong(step.text || '…'),
        plain(' in '),
        strong(place(step.selector)),
      ];
    case 'select':
      return [
        plain('Choose '),
        strong(step.text || '…'),
        plain(' in '),
        strong(place(step.selector)),
      ];
    case 'key_press':
      return [plain('Press '), strong(step.text || '…')];
    case 'wait_for':
      return [plain(waitVerb(step)), strong(place(step.selector)), plain(waitEnd(step))];
    case 'wait':
      return [plain('Wait '), strong(inSeconds(step.time))];
    case 'script':
      return [plain('Run '), strong(firstLine(step.text) || 'a script')];
    case 'collect':
      return [
        plain('Collect '),
        strong(named(step.extract) > 0 ? plural(named(step.extract), 'field') : '…'),
      ];
    case 'repeat':
      return [
        plain(step.while_visible ? 'Repeat while ' : 'Repeat until '),
        strong(place(step.selector)),
        plain(' shows'),
      ];
  }
}

/** The quiet second line; empty when there is nothing to add. */
export function stepNote(step: StepForm): string {
  switch (step.kind) {
    case 'click':
      return [
        step.wait_for_navigation ? 'Then wait for the next page' : '',
        step.optional ? 'Skip if it is not there' : '',
      ]
        .filter(Boolean)
        .join(' · ');
    case 'wait_for':
    case 'script':
      return `Up to ${inSeconds(step.time)}`;
    case 'collect':
      return step.extract
        .map((field) => field.name.trim())
        .filter(Boolean)
        .join(', ');
    case 'repeat':
      return `At most ${plural(step.max_rounds, 'time')}`;
    case 'input':
    case 'select':
    case 'key_press':
    case 'wait':
      return '';
  }
}

/** The whole step as one line of text, for accessible names and announcements. */
export function stepText(step: StepForm): string {
  return stepSentence(step)
    .map((word) => word.text)
    .join('');
}

/** "5 seconds", "1.5 seconds". */
export function inSeconds(ms: number): string {
  return plural(Math.round(ms / 100) / 10, 'second');
}

/** Moves one entry; answers false when it can't move that way. */
export function move<T>(list: T[], from: number, to: number): boolean {
  if (from === to || to < 0 || to >= list.length || from < 0 || from >= list.length) return false;
  const [entry] = list.splice(from, 1);
  if (entry !== undefined) list.splice(to, 0, entry);
  return true;
}

/** Rows pasted from a spreadsheet: name, place, attribute, "all". One row without a tab is a place. */
export function pastedFields(text: string): FieldForm[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length < 2 && !text.includes('\t')) return [];
  return lines.map((line) => {
    const [name = '', selector, attribute = '', all = ''] = line
      .split('\t')
      .map((cell) => cell.trim());
    if (selector === undefined) return { ...newField(), selector: name };
    return { name, selector, attribute, multiple: /^(all|yes|true|1)$/i.test(all) };
  });
}

function usualTime(kind: StepKind): number {
  if (kind === 'wait') return 1_000;
  if (kind === 'script') return 30_000;
  return 5_000;
}

function waitVerb(step: StepForm): string {
  return step.state === 'hidden' ? 'Wait until ' : 'Wait for ';
}

function waitEnd(step: StepForm): string {
  return step.state === 'hidden' ? ' is gone' : '';
}

function named(fields: FieldForm[]): number {
  return fields.filter((field) => field.name.trim() || field.selector.trim()).length;
}

function place(selector: string): string {
  return selector.trim().replace(/^css:/, '') || '…';
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function plain(text: string): Word {
  return { text, strong: false };
}

function strong(text: string): Word {
  return { text, strong: true };
}
