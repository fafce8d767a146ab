// A change that applies at once; when it can't be kept, the pane says why beside it.

import type { AppError, Settings } from '../../backend';
import { asAppError } from '../../errors';
import { app } from '../../state/app.svelte';

export class SettingChange {
  error = $state.raw<AppError | null>(null);

  /** True when it was kept. */
  async apply(change: Partial<Settings>): Promise<boolean> {
    this.error = null;
    try {
      await app.changeSettings(change);
      return true;
    } catch (cause) {
      this.error = asAppError(cause);
      return false;
    }
  }
}
