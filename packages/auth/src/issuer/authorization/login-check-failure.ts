import type { Refusal } from '../../core/refusal.ts';
import { REFUSALS, type RefusalReason } from '../../core/refusal-reasons.ts';

/** A failed login check, in words for the person who made it. */
export interface LoginCheckFailure {
  readonly title: string;
  readonly step: string;
  readonly why: string;
  readonly providerSaid?: string;
  readonly whatToDo: readonly string[];
}

/** `provider`: the sign-in that was chosen, where one was, as the chooser names it. */
export function describeFailure(refusal: Refusal, provider: string | undefined): LoginCheckFailure {
  const { reason, detail } = refusal;
  const at = provider ?? 'the identity provider';
  const known = REASONS[reason];
  return {
    title: titleOf(reason),
    step: stepOf(reason, detail.operation, at),
    why: known?.why ?? REFUSALS[reason].description,
    ...(reason.startsWith('sign-in.') ? { providerSaid: saidBy(detail) } : {}),
    whatToDo: known?.whatToDo ?? [TRY_AGAIN],
  };
}

const TRY_AGAIN = 'Start again. If it happens again, tell the operator of this server the incident id below.';
const TELL_OPERATOR = 'Tell the operator of this server the incident id below.';
const START_HERE = 'Start again from the beginning, in one browser window.';

const REASONS: Partial<
  Record<RefusalReason, { readonly why: string; readonly whatToDo: readonly string[] }>
> = {
  'authorization.expired': {
    why: 'This page was used already, or waited for too long. Each check is good for one sign-in.',
    whatToDo: [START_HERE],
  },
  'authorization.wrong-browser': {
    why: 'This step belongs to another browser, or cookies are blocked.',
    whatToDo: ['Allow cookies for this address.', START_HERE],
  },
  'authorization.cross-site': { why: 'The form was sent from another site.', whatToDo: [START_HERE] },
  'sign-in.refused-by-provider': {
    why: 'The identity provider refused. It did not sign you in, or took its word back.',
    whatToDo: ['Sign in with an account that may use this server.', TELL_OPERATOR],
  },
  'sign-in.unknown-person': {
    why: 'You are signed in there, but this server does not let this person in.',
    whatToDo: ['Sign in as somebody else.', TELL_OPERATOR],
  },
  'sign-in.provider-unavailable': {
    why: 'The identity provider can not be reached now, or did not answer in time.',
    whatToDo: ['Try again in a minute.', TELL_OPERATOR],
  },
  'sign-in.provider-misconfigured': {
    why: 'The identity provider refuses this server: the registration there and the settings here do not agree.',
    whatToDo: [
      'If you run this server: compare client id, secret, redirect URI and scopes with what the console of the provider shows. The log has the whole answer.',
      TELL_OPERATOR,
    ],
  },
  'sign-in.provider-answer': {
    why: 'The identity provider gave an answer that breaks the rules, and it was not acted on.',
    whatToDo: [TRY_AGAIN],
  },
};

/** A login that fails is one thing; a page that was used before says nothing about it. */
function titleOf(reason: RefusalReason): string {
  if (reason.startsWith('sign-in.')) return 'Your login does not work yet';
  return REFUSALS[reason].status === 503 ? 'The check can not go on now' : 'This check is over';
}

const STEPS: Readonly<Record<string, (provider: string) => string>> = {
  authorization: (provider) => `Signing in at ${provider}`,
  discovery: (provider) => `Reading the addresses of ${provider}`,
  keys: (provider) => `Reading the keys of ${provider}`,
  'code-exchange': (provider) => `Exchanging the code for tokens at ${provider}`,
  userinfo: (provider) => `Asking ${provider} who you are`,
};

function stepOf(reason: RefusalReason, operation: unknown, provider: string): string {
  if (reason === 'sign-in.unknown-person') return 'Letting you in';
  if (reason.startsWith('sign-in.')) {
    const known =
      typeof operation === 'string' && Object.hasOwn(STEPS, operation) ? operation : 'authorization';
    return STEPS[known]!(provider);
  }
  if (reason.startsWith('store.')) return 'Reading the state of this server';
  if (reason === 'internal.fault') return 'Inside this server';
  return 'Coming back to this page';
}

/** The error code of the provider and its text: what it would tell anybody, and no more of what the log knows. */
function saidBy({ error, description }: Readonly<Record<string, unknown>>): string | undefined {
  const said = [error, description].filter((text) => typeof text === 'string' && text !== '');
  return said.length === 0 ? undefined : said.join(': ');
}
