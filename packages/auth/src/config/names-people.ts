import type { UsernameRule } from '../sign-in/username.ts';
import { optionalSetting, section, setting } from './row.ts';
import { DEFAULT_PEOPLE, developmentPeople, mailDomain, usernameRule } from './special-types.ts';
import { listOf, oneOf, onOff, text } from './value-types.ts';
import { hasWayIn } from './ways-in.ts';

const none: readonly string[] = [];
/** Whether anybody has to sign in. */
export const ACCESS_ROWS = section('Who may call', {
  auth: setting({
    type: onOff,
    flag: '--no-auth',
    flagHelp: 'Let everybody call, without a token (on this machine only)',
    default: true,
    description: 'Whether callers need a token. `off` lets everybody who reaches the port call every tool.',
    example: 'on',
    wrong: 'Off a loopback address `off` stops the start, unless `iKnowAnyoneCanCall` says it again.',
  }),
  iKnowAnyoneCanCall: setting({
    type: onOff,
    flag: '--i-know-anyone-can-call',
    flagHelp: 'Say it again, where others can reach the server',
    default: false,
    description: 'Says for the second time that callers need no token, where others can reach the server.',
    example: 'off',
    wrong: 'Together with `auth: off`, everybody who reaches the port is in.',
  }),
  developmentPeople: setting({
    type: developmentPeople,
    flag: '--dev-people [names]',
    flagHelp: 'Let people sign in by a click, without proof (on this machine only)',
    default: ({ value }) => (hasWayIn(value) ? [] : DEFAULT_PEOPLE),
    defaultText:
      '`alice,bob,carol[admin]` while neither a provider nor tokens from elsewhere are set up, else `off`',
    description:
      'People anybody can sign in as, by a click and without proof: for trying things out on your own machine. Groups stand in brackets.',
    example: 'alice,bob,carol[admin]',
    wrong: 'Off a loopback address it stops the start, unless `iKnowAnyoneCanSignIn` says it again.',
  }),
  iKnowAnyoneCanSignIn: setting({
    type: onOff,
    flag: '--i-know-anyone-can-sign-in',
    flagHelp: 'Say it again, where others can reach the server',
    default: false,
    description:
      'Says for the second time that development people may sign in where others can reach the server.',
    example: 'off',
    wrong: 'Together with `developmentPeople`, everybody who reaches the port can be any of them.',
  }),
});

/** Who a person is in the database. */
export const USERNAME_ROWS = section('Names in the database', {
  'username.rules': setting<readonly UsernameRule[]>({
    type: listOf(usernameRule, { max: 20 }),
    default: [],
    defaultText: 'none; development people are called there what they are called here',
    description:
      'Where the name of a person in the database comes from; the first rule that finds one decides. `claim:NAME` is a claim of the provider, `email-prefix` what stands before the @ of a verified address.',
    example: 'claim:db_user, email-prefix',
    wrong:
      'With a claim that people can edit, one can act as another. With none, nobody of the provider gets at the data.',
  }),
  'username.emailDomains': setting({
    type: listOf(mailDomain, { max: 100 }),
    default: none,
    defaultText: 'none; needed for `email-prefix`',
    description: 'Domains whose e-mail addresses you hand out yourself. Sub-domains do not count.',
    example: 'example.com',
    wrong: 'With a domain that strangers get addresses in, they can act as your people.',
  }),
  'username.issuers': optionalSetting<readonly string[]>({
    type: listOf(text({ says: 'an issuer, to the letter', max: 2000, pattern: /^\S+$/ }), { max: 100 }),
    defaultText: 'the only one there is; needed where there are several',
    description:
      'The issuers whose people get names by `username.rules`. People whom several of them call alike are one in the database: list only those that you trust with that.',
    example: 'https://login.example.com/realms/main',
    wrong:
      'An issuer too many lets its administrators be anybody in the database. People of one that is missing have no name there.',
  }),
  'username.case': setting({
    type: oneOf('exact', 'lower', 'upper'),
    default: 'exact',
    description: 'How the name is written in the database: as it came, or in lower or upper case.',
    example: 'lower',
    wrong: 'People are unknown in the database.',
  }),
});
