// One question at a time: what goes away, what stays, and a safe way out.

export interface Question {
  title: string;
  text: string;
  /** The safe button, which has the focus. */
  keep: string;
  act: string;
  /** False for a decision that destroys nothing. */
  danger?: boolean;
}

class Confirm {
  question = $state.raw<Question | null>(null);
  #settle: ((agreed: boolean) => void) | null = null;

  ask(question: Question): Promise<boolean> {
    this.answer(false);
    this.question = question;
    return new Promise((resolve) => (this.#settle = resolve));
  }

  answer(agreed: boolean): void {
    this.question = null;
    this.#settle?.(agreed);
    this.#settle = null;
  }
}

export const confirm = new Confirm();
