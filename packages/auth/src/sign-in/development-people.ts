import type { Identity } from '../core/identity.ts';
import { OperatorError, type Problem } from '../core/operator-error.ts';
import { Refusal } from '../core/refusal.ts';
import type { PersonChoice, SignIn } from './sign-in.ts';

/** Development identities have an issuer of their own, so that none of them is ever taken for a person of a real provider. */
export const DEVELOPMENT_ISSUER = 'urn:portcullis:development';

/** The id of this sign-in: sessions that came from it end when it is no longer configured. */
export const DEVELOPMENT_SIGN_IN_ID = 'development';

const MAX_PEOPLE = 1000;
const MAX_USERNAME_LENGTH = 128;

export interface DevelopmentPerson {
  /** Subject of the identity and, unchanged, name in the database. 1 to 128 characters, no control characters, no space at the ends. */
  readonly username: string;
  /** What the sign-in page shows. Default: `username`. */
  readonly name?: string;
  /** Taken as verified, because the operator wrote it. Default: none. */
  readonly email?: string;
  /** Groups of the person. Default: none. */
  readonly groups?: readonly string[];
}

export interface DevelopmentPeopleOptions {
  /** Who can be chosen, in the order of the page. At least one; no name twice. Anybody who reaches the page can be any of them. */
  readonly people: readonly DevelopmentPerson[];
  /** On the chooser page. Default: `a development account`. */
  readonly title?: string;
  /** Name of the setting for problems. Default: `people`. */
  readonly setting?: string;
}

/**
 * Signing in by choosing a name from a list, without any proof. For development on the own machine: where it may run is decided by whoever
 * mounts it (bind address and public URL).
 * @throws OperatorError when the list is empty, or a name is unusable or there twice.
 */
export function developmentPeople(options: DevelopmentPeopleOptions): SignIn {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new OperatorError(problems);
  const identities = new Map(options.people.map((person) => [person.username, identityOf(person)]));
  const choices = options.people.map(choiceOf);
  return {
    id: DEVELOPMENT_SIGN_IN_ID,
    title: options.title ?? 'a development account',
    accepts: ({ issuer, subject }) => issuer === DEVELOPMENT_ISSUER && identities.has(subject),
    start: async () => ({ kind: 'page', people: choices, secrets: {} }),
    async finish(answer) {
      const chosen = answer.getAll('person');
      if (chosen.length > 1) throw new Refusal('request.duplicate-parameter', { parameter: 'person' });
      const identity = chosen[0] === undefined ? undefined : identities.get(chosen[0]);
      if (!identity) throw new Refusal('sign-in.unknown-person', { signIn: DEVELOPMENT_SIGN_IN_ID });
      return { identity };
    },
  };
}

function identityOf(person: DevelopmentPerson): Identity {
  return {
    issuer: DEVELOPMENT_ISSUER,
    subject: person.username,
    name: person.name ?? person.username,
    ...(person.email === undefined ? {} : { email: person.email, emailVerified: true }),
    username: person.username,
    usernameRule: 'development',
    groups: [...(person.groups ?? [])],
  };
}

function choiceOf(person: DevelopmentPerson): PersonChoice {
  const groups = person.groups ?? [];
  return {
    value: person.username,
    name: person.name ?? person.username,
    ...(groups.length > 0 ? { note: `${groups.length > 1 ? 'groups' : 'group'} ${groups.join(', ')}` } : {}),
  };
}

function problemsOf({ people, setting = 'people' }: DevelopmentPeopleOptions): Problem[] {
  const problem = (message: string, remedy: string): Problem => ({
    setting,
    source: 'configuration',
    message,
    remedy,
  });
  if (people.length === 0) {
    return [problem('No development person is configured.', 'Name at least one, or use another sign-in.')];
  }
  if (people.length > MAX_PEOPLE) {
    return [problem(`More than ${MAX_PEOPLE} development people.`, 'Use an identity provider for so many.')];
  }
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const { username } of people) {
    const shown = JSON.stringify(username);
    if (!isUsableName(username)) {
      problems.push(problem(`The name ${shown} can not be used.`, 'Use 1 to 128 printable characters.'));
    } else if (seen.has(username)) {
      problems.push(problem(`The name ${shown} is there twice.`, 'Remove one of the two.'));
    }
    seen.add(username);
  }
  return problems;
}

function isUsableName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= MAX_USERNAME_LENGTH &&
    name.trim() === name &&
    !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)
  );
}
