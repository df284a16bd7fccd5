import type { Identity } from '../core/identity.ts';
import { OperatorError, type Problem } from '../core/operator-error.ts';
import { claimAt } from '../upstream/claim-path.ts';
import { sameIssuer } from '../upstream/provider-metadata.ts';
import { DEVELOPMENT_ISSUER } from './development-people.ts';
import { isPlainDomain, lowerAscii, parsePlainAddress } from './email-prefix.ts';

/**
 * Where a database name may come from. `claim:NAME`: a claim of the provider, to the letter or by a dotted path. `preferred_username`: only
 * for a provider whose people can not choose it freely (OpenID Connect Core §5.7 promises nothing about it). `email-prefix`: what stands
 * before the `@` of a verified address within `emailDomains`.
 */
export type UsernameRule = `claim:${string}` | 'preferred_username' | 'email-prefix';

/** `exact`: as the provider wrote it. `lower`, `upper`: mapped, where the mapping is one letter to one letter and can be undone. */
export type UsernameCase = 'exact' | 'lower' | 'upper';

export interface UsernameOptions {
  /**
   * The rules, first match decides. A claim that is there but is no usable name ends the search without a name, so that nobody becomes
   * somebody else by spoiling a claim. Default: none, and then nobody has a database name.
   */
  readonly rules?: readonly UsernameRule[];
  /** Domains whose addresses count, such as `example.com`; sub-domains do not count. Required by `email-prefix` and `claim:email`. Default: none. */
  readonly emailDomains?: readonly string[];
  /** The issuers whose people get names by the rules. With several, whoever any of them calls alike is one in the database. Default: every issuer. */
  readonly issuers?: readonly string[];
  /** Default: `exact`. With a database that folds names, the wrong rule makes people unknown there, never somebody else. */
  readonly case?: UsernameCase;
  /** Name of the setting for problems. Default: `username`. */
  readonly setting?: string;
}

export interface ResolvedUsername {
  readonly username: string;
  /** For the log: which rule decided. */
  readonly rule: UsernameRule | 'development';
}

/** What the rules look at: who it is, and everything the provider said of them. */
export interface UsernameSource {
  readonly identity: Pick<Identity, 'issuer' | 'subject' | 'email' | 'emailVerified'>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** `tell` hears why each rule found nothing, for the operator: names of claims, never what is in them. */
export type UsernameResolver = (
  source: UsernameSource,
  tell?: (why: string) => void,
) => ResolvedUsername | undefined;

const MAX_USERNAME_LENGTH = 128;

/**
 * The ordered resolver from what a provider says to the name a person has in the database. Pure. Development people are who they are.
 * @throws OperatorError for a rule that does not exist, a domain that is none, or an e-mail rule without domains.
 */
export function usernameResolver(options: UsernameOptions = {}): UsernameResolver {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new OperatorError(problems);
  const rules = options.rules ?? [];
  const domains = new Set((options.emailDomains ?? []).map(lowerAscii));
  const caseRule = options.case ?? 'exact';
  return (source, tell = () => {}) => {
    if (source.identity.issuer === DEVELOPMENT_ISSUER) {
      return { username: source.identity.subject, rule: 'development' };
    }
    const { issuer } = source.identity;
    if (options.issuers && !options.issuers.some((own) => sameIssuer(own, issuer))) {
      tell('the issuer is none of username.issuers');
      return undefined;
    }
    if (rules.length === 0) tell('there are no username.rules');
    for (const rule of rules) {
      const found = candidate(rule, source, domains);
      if (found === undefined) {
        tell(whyNothing(rule, source, domains));
        continue;
      }
      const username = found === UNUSABLE ? undefined : applyCase(found, caseRule);
      if (username === undefined) tell(`${rule}: what is there is no name that can be used`);
      return username === undefined ? undefined : { username, rule };
    }
    return undefined;
  };
}

const UNUSABLE = Symbol('a claim that is there and is no name');

/** `undefined`: this rule has nothing to say. */
function candidate(
  rule: UsernameRule,
  { identity, claims }: UsernameSource,
  domains: ReadonlySet<string>,
): string | typeof UNUSABLE | undefined {
  if (rule === 'email-prefix' || rule === 'claim:email') {
    const address = identity.emailVerified === true && parsePlainAddress(identity.email ?? '');
    if (!address || !domains.has(address.domain)) return undefined;
    return rule === 'email-prefix' ? address.localPart : `${address.localPart}@${address.domain}`;
  }
  const value = claimAt(claims, rule === 'preferred_username' ? rule : rule.slice('claim:'.length));
  if (value === undefined || value === null) return undefined;
  // Some providers count people.
  const name = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof name === 'string' && isUsableUsername(name) ? name : UNUSABLE;
}

function whyNothing(rule: UsernameRule, { identity }: UsernameSource, domains: ReadonlySet<string>): string {
  if (rule !== 'email-prefix' && rule !== 'claim:email') return `${rule}: there is no such claim`;
  if (identity.email === undefined) return `${rule}: there is no e-mail address`;
  if (identity.emailVerified !== true) return `${rule}: the e-mail address is not verified`;
  const { domain } = parsePlainAddress(identity.email) ?? {};
  return domain !== undefined && domains.has(domain)
    ? `${rule}: the e-mail address is not plain`
    : `${rule}: the domain of the e-mail address is none of username.emailDomains`;
}

/** Nothing that looks like another name, or like none: no control, direction or unassigned characters, no space at the ends, NFC. */
export function isUsableUsername(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= MAX_USERNAME_LENGTH &&
    name.trim() === name &&
    name.normalize('NFC') === name &&
    !/[\p{C}\p{Zl}\p{Zp}]/u.test(name)
  );
}

/** `undefined` when a letter has no partner of its own: the long s and `S`, the Kelvin sign and `k` would make two people one. */
function applyCase(name: string, rule: UsernameCase): string | undefined {
  if (rule === 'exact') return name;
  let out = '';
  for (const letter of name) {
    const mapped = rule === 'lower' ? letter.toLowerCase() : letter.toUpperCase();
    const back = rule === 'lower' ? mapped.toUpperCase() : mapped.toLowerCase();
    if (mapped !== letter && back !== letter) return undefined;
    if (mapped.length !== letter.length) return undefined;
    out += mapped;
  }
  return out;
}

function problemsOf({ rules = [], emailDomains = [], setting = 'username' }: UsernameOptions): Problem[] {
  const problems: Problem[] = [];
  const add = (message: string, remedy: string) =>
    problems.push({ setting, source: 'configuration', message, remedy });
  for (const rule of rules) {
    if (rule === 'preferred_username' || rule === 'email-prefix') continue;
    if (/^claim:./.test(rule)) continue;
    add(
      `There is no rule ${JSON.stringify(rule)}.`,
      'Use claim:NAME, preferred_username or email-prefix, in the order they should be tried.',
    );
  }
  for (const domain of emailDomains) {
    if (isPlainDomain(lowerAscii(domain))) continue;
    add(`${JSON.stringify(domain)} is not a domain.`, 'Write it like example.com; other scripts as xn--....');
  }
  const emailRule = rules.find((rule) => rule === 'email-prefix' || rule === 'claim:email');
  if (emailRule && emailDomains.length === 0) {
    add(
      `The rule ${emailRule} needs to know which e-mail domains count.`,
      'List the domains whose addresses you hand out yourself.',
    );
  }
  return problems;
}
