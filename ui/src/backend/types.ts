// The generated types, in the direction the page meets them: what Rust answers with, where every
// field is there.

import type { commands } from './bindings';

export type * from './bindings';

type Reply = (...args: never[]) => Promise<{ status: string }>;
type Answer<C extends Reply> = Extract<
  Awaited<ReturnType<C>>,
  { status: 'ok'; data: unknown }
>['data'];
type Refusal<C extends Reply> = Extract<
  Awaited<ReturnType<C>>,
  { status: 'error'; error: unknown }
>['error'];

export type AccountCheck = Answer<typeof commands.checkAccount>;
export type AccountView = Answer<typeof commands.accounts>[number];
export type AppError = Refusal<typeof commands.start>;
export type CreditsView = NonNullable<AccountView['credits']>;
export type FormCheck = Answer<typeof commands.checkScrape>;
export type ResultView = Answer<typeof commands.result>;
export type StartView = Answer<typeof commands.start>;
