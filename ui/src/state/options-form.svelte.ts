// Options as they are edited, for a single page or for all pages of a collection: the form, its
// problems, and which parts are open.

import type { FieldProblem, ScrapeForm } from '../backend';
import { emptyForm, isDefault } from '../screens/scrape/form';
import {
  firstProblem,
  groupOf,
  problemAt,
  problemsUnder,
  type Group,
} from '../screens/scrape/problems';
import { toasts } from './toasts.svelte';

export class OptionsForm {
  form = $state<ScrapeForm>(emptyForm());
  groups = $state<Record<Group, boolean>>({
    page: true,
    location: true,
    extract: true,
    steps: false,
    advanced: false,
  });
  /** Said by screen readers; changes of this text are what they hear. */
  announcement = $state('');
  /** The field that must take the focus: `steps.2.selector`. */
  wanted = $state('');

  readonly problems = $derived(this.#seenProblems());

  /** As of the last check. */
  #found = $state.raw<FieldProblem[]>([]);
  #sent = $state.raw<FieldProblem[]>([]);
  #touched = $state<Record<string, boolean>>({});

  problem(field: string): string {
    return problemAt(this.problems, field);
  }

  /** The first problem of a row or of anything in it. */
  problemIn(path: string): string {
    return problemsUnder(this.problems, path)[0]?.message ?? '';
  }

  /** The person left this field: from now on its problem shows. */
  touch(field: string): void {
    this.#touched[field] = true;
  }

  /** After rows moved: their paths mean other rows now. */
  rowsMoved(): void {
    this.#touched = {};
    this.#sent = [];
  }

  /** Turns on the browser for what needs it. */
  setBrowser(on: boolean): void {
    this.form.browser = on;
    if (!on) this.form.screenshot = false;
  }

  resetOptions(): void {
    const before = $state.snapshot(this.form);
    if (isDefault(before)) return;
    this.form = emptyForm(before.address);
    this.rowsMoved();
    toasts.show({
      text: 'Options are back to default.',
      action: {
        label: 'Undo',
        act: () => {
          this.form = { ...before, address: this.form.address };
        },
      },
    });
  }

  /** What a check found; it shows at the fields the person has left. */
  protected found(problems: FieldProblem[]): void {
    this.#found = problems;
    this.#sent = this.#sent.filter((sent) => problems.some(({ field }) => field === sent.field));
  }

  /** Shows all of these, and leads to the first. */
  protected reveal(problems: FieldProblem[]): void {
    this.#sent = problems;
    const first = firstProblem(problems);
    if (!first) return;
    const group = groupOf(first.field);
    if (group) this.groups[group] = true;
    this.announcement = first.message;
    this.wanted = first.field;
  }

  protected forgetProblems(): void {
    this.#sent = [];
    this.#touched = {};
  }

  #seenProblems(): FieldProblem[] {
    const live = this.#found.filter((problem) => this.#touched[problem.field]);
    const more = this.#sent.filter((sent) => !live.some((problem) => problem.field === sent.field));
    return [...live, ...more];
  }
}
