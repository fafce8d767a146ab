/** Where on the screen a problem of the form belongs. */
import type { FieldProblem } from '../../backend';

export type Group = 'page' | 'location' | 'extract' | 'steps' | 'advanced';

/** None for the address, which stands above the groups. */
export function groupOf(field: string): Group | null {
  const root = field.split('.')[0] ?? '';
  switch (root) {
    case 'address':
      return null;
    case 'browser':
    case 'screenshot':
    case 'format':
      return 'page';
    case 'location':
      return 'location';
    case 'extract':
      return 'extract';
    case 'steps':
      return 'steps';
    default:
      return 'advanced';
  }
}

/** The problem of exactly this field. */
export function problemAt(problems: FieldProblem[], field: string): string {
  return problems.find((problem) => problem.field === field)?.message ?? '';
}

/** Problems of a row or anything in it. */
export function problemsUnder(problems: FieldProblem[], path: string): FieldProblem[] {
  return problems.filter(
    (problem) => problem.field === path || problem.field.startsWith(`${path}.`),
  );
}

/** The address first, else in the form's own order. */
export function firstProblem(problems: FieldProblem[]): FieldProblem | undefined {
  return problems.find((problem) => problem.field === 'address') ?? problems[0];
}
