// Short messages at the bottom right. Never the only place for an error.

export interface ToastInput {
  text: string;
  detail?: string;
  tone?: 'ok' | 'bad' | 'plain';
  action?: { label: string; act: () => void };
}

export interface Toast extends ToastInput {
  id: number;
}

const SHOWN_MS = 6_000;
const SHOWN_WITH_ACTION_MS = 10_000;

interface Clock {
  timer: ReturnType<typeof setTimeout> | undefined;
  startedAt: number;
  left: number;
}

class Toasts {
  list = $state<Toast[]>([]);
  readonly #clocks = new Map<number, Clock>();
  #next = 1;

  show(input: ToastInput): number {
    const id = this.#next++;
    this.list.push({ ...input, id });
    this.#clocks.set(id, {
      timer: undefined,
      startedAt: 0,
      left: input.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS,
    });
    this.resume(id);
    return id;
  }

  close(id: number): void {
    clearTimeout(this.#clocks.get(id)?.timer);
    this.#clocks.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** While the pointer or the focus is on it. */
  pause(id: number): void {
    const clock = this.#clocks.get(id);
    if (!clock || clock.timer === undefined) return;
    clearTimeout(clock.timer);
    clock.timer = undefined;
    clock.left -= Date.now() - clock.startedAt;
  }

  resume(id: number): void {
    const clock = this.#clocks.get(id);
    if (!clock || clock.timer !== undefined) return;
    clock.startedAt = Date.now();
    clock.timer = setTimeout(() => this.close(id), clock.left);
  }
}

export const toasts = new Toasts();
