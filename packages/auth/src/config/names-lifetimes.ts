import { DEFAULT_LIFETIMES } from '../sessions/lifetimes.ts';
import { section, setting } from './row.ts';
import { wholeNumber } from './value-types.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Lifetime {
  readonly min: number;
  readonly max: number;
  readonly description: string;
  readonly wrong: string;
}

const seconds = (value: number, { min, max, description, wrong }: Lifetime) =>
  setting({
    type: wholeNumber({ min, max }),
    default: value,
    unit: 'seconds',
    description,
    example: String(value),
    wrong,
  });

/** How long things live. The defaults are those of `sessions/lifetimes.ts`. */
export const LIFETIME_ROWS = section('Lifetimes', {
  'lifetimes.codeSeconds': seconds(DEFAULT_LIFETIMES.codeSeconds, {
    min: 10,
    max: 10 * MINUTE,
    description: 'An authorization code, from its making to its redemption.',
    wrong: 'Too short: slow clients fail to log in. Too long: a leaked code can be used for longer.',
  }),
  'lifetimes.transactionSeconds': seconds(DEFAULT_LIFETIMES.transactionSeconds, {
    min: MINUTE,
    max: HOUR,
    description: 'The consent page, and the way from approval through the sign-in and back.',
    wrong: 'Too short: people who look for their password have to begin again.',
  }),
  'lifetimes.consentSeconds': seconds(DEFAULT_LIFETIMES.consentSeconds, {
    min: HOUR,
    max: 400 * DAY,
    description:
      'With `consent: remember`: how long a browser is not asked again for what was approved in it.',
    wrong: 'Too long: who uses that browser later approves what somebody approved long ago.',
  }),
  'lifetimes.accessTokenSeconds': seconds(DEFAULT_LIFETIMES.accessTokenSeconds, {
    min: MINUTE,
    max: DAY,
    description: 'An access token. Clients refresh it by themselves.',
    wrong: 'Too long: open streams of people who were removed end later.',
  }),
  'lifetimes.sessionIdleSeconds': seconds(DEFAULT_LIFETIMES.sessionIdleSeconds, {
    min: 5 * MINUTE,
    max: 400 * DAY,
    description: 'A session that nobody uses.',
    wrong: 'Too short: people sign in again after every break.',
  }),
  'lifetimes.sessionAbsoluteSeconds': seconds(DEFAULT_LIFETIMES.sessionAbsoluteSeconds, {
    min: 5 * MINUTE,
    max: 3650 * DAY,
    description: 'A session, however much it is used.',
    wrong: 'Too short: people sign in again in the middle of their work.',
  }),
  'lifetimes.sessionUncheckedSeconds': seconds(DEFAULT_LIFETIMES.sessionUncheckedSeconds, {
    min: 5 * MINUTE,
    max: 90 * DAY,
    description:
      'A session whose provider gives no refresh token, so that nobody can ask whether the person is still there.',
    wrong: 'Too long: people who were removed at the provider stay in until then.',
  }),
  'lifetimes.refreshGraceSeconds': seconds(DEFAULT_LIFETIMES.refreshGraceSeconds, {
    min: 0,
    max: HOUR,
    description: 'How long a refresh token that was replaced still gets the current one.',
    wrong:
      'Too short: clients that refresh twice at once are logged out. Too long: a stolen token goes unnoticed for longer.',
  }),
  'lifetimes.livenessSeconds': seconds(DEFAULT_LIFETIMES.livenessSeconds, {
    min: 0,
    max: 5 * MINUTE,
    description: 'How long a session that was read counts as alive without being read again.',
    wrong: 'A revocation reaches other processes this much later.',
  }),
  'lifetimes.personCheckSeconds': seconds(DEFAULT_LIFETIMES.personCheckSeconds, {
    min: MINUTE,
    max: DAY,
    description:
      'How long a person may go without the provider having vouched for them again, where it gives refresh tokens.',
    wrong: 'Too long: people who were removed at the provider stay in until then.',
  }),
});
