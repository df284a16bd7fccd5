// RFC 6749 §4.1.1 and RFC 7636 §4.3, and a login page with one field.
import { Refusal } from './faults.ts';
import type { Answer, Asked } from './http-server.ts';
import type { AuthorizationRequest, Client, Grant, Person, Rules } from './rules.ts';

interface Ledger<P extends Person> {
  place(realUrl: string): string;
  nowSeconds(): number;
  newCode(grant: Grant<P>): string;
  /** Client and login of everybody who has agreed. */
  readonly consents: Set<string>;
}

const DEFAULT_REDIRECT_MATCH = (registered: string, given: string) => registered === given;

export function authorizationEndpoint<P extends Person>(rules: Rules<P>, ledger: Ledger<P>) {
  return (asked: Asked): Answer => {
    const parameters = new URLSearchParams([...asked.query, ...(asked.query.size > 0 ? [] : asked.form)]);
    const client = rules.clients.find(({ id }) => id === parameters.get('client_id'));
    if (!client) throw new Refusal('unknown-client', parameters.get('client_id') ?? '');
    // A provider that does not show its own page for a bad address uses the registered one.
    let redirectUri = client.redirectUris[0]!;
    try {
      redirectUri = redirectFor(rules, client, parameters);
      const request = checked(rules, { client, parameters, redirectUri, asked });
      const login = asked.method === 'POST' ? asked.form.get('login') : null;
      const person = rules.people.find((candidate) => candidate.login === login);
      if (!person) return loginPage(asked, login);
      if (asked.form.get('decision') === 'deny') throw new Refusal('denied');
      rules.checkPerson?.(request, person);
      return backToClient(rules, ledger, request, person);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { error: code, description, where } = error.fact(rules.facts.faults);
      if (where === 'page') throw error;
      const answer = {
        error: code,
        ...(description === undefined ? {} : { error_description: description }),
      };
      return redirect(redirectUri, { ...answer, ...stateOf(parameters) });
    }
  };
}

function redirectFor<P extends Person>(rules: Rules<P>, client: Client, parameters: URLSearchParams): string {
  const given = parameters.getAll('redirect_uri');
  if (given.length === 0 && !rules.facts.redirectUriRequired) return client.redirectUris[0]!;
  const matches = rules.matchesRedirect ?? DEFAULT_REDIRECT_MATCH;
  const known = given.length === 1 && client.redirectUris.some((one) => matches(one, given[0]!));
  if (!known) throw new Refusal('redirect-not-registered', given[0] ?? '');
  return given[0]!;
}

function checked<P extends Person>(
  rules: Rules<P>,
  request: Omit<AuthorizationRequest, 'scopes'>,
): AuthorizationRequest {
  const { parameters, client } = request;
  const { facts } = rules;
  for (const name of new Set(parameters.keys())) {
    if (parameters.getAll(name).length > 1 && name !== 'resource')
      throw new Refusal('repeated-parameter', name);
  }
  for (const name of ['response_type', ...facts.requiredParameters]) {
    if (!parameters.get(name)) throw new Refusal('missing-parameter', name);
  }
  if (parameters.get('response_type') !== 'code') {
    throw new Refusal('response-type', parameters.get('response_type') ?? '');
  }
  const challenged = parameters.has('code_challenge');
  const method = parameters.get('code_challenge_method') ?? facts.challengeMethodDefault ?? '';
  const isPublic = client.secret === undefined;
  if (
    !challenged &&
    (facts.challengeRequired === 'always' || (facts.challengeRequired !== 'never' && isPublic))
  ) {
    throw new Refusal('challenge-required');
  }
  if (challenged && !facts.challengeMethods.includes(method)) throw new Refusal('challenge-method', method);
  const scopes = (parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const complete = { ...request, scopes };
  rules.checkAuthorization?.(complete);
  if (parameters.get('prompt') === 'none') throw new Refusal('login-required');
  return complete;
}

function backToClient<P extends Person>(
  rules: Rules<P>,
  ledger: Ledger<P>,
  request: AuthorizationRequest,
  person: P,
): Answer {
  const consent = `${request.client.id} ${person.login}`;
  const code = ledger.newCode({
    request: { ...request, scopes: rules.grantedScopes?.(request, person) ?? request.scopes },
    client: request.client,
    person,
    authTimeSeconds: ledger.nowSeconds(),
    consentedBefore: ledger.consents.has(consent),
    ended: false,
  });
  ledger.consents.add(consent);
  const issuer: Record<string, string> = rules.facts.issuerInResponse
    ? { iss: ledger.place(rules.issuer!) }
    : {};
  return redirect(request.redirectUri, { code, ...stateOf(request.parameters), ...issuer });
}

function stateOf(parameters: URLSearchParams): Record<string, string> {
  const state = parameters.get('state');
  return state === null ? {} : { state };
}

function redirect(redirectUri: string, answer: Readonly<Record<string, string>>): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href }, body: '' };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Its form goes to the address of the page, so that the request stays in the address. */
function loginPage(asked: Asked, wrong: string | null): Answer {
  const action = asked.query.size > 0 ? `${asked.path}?${asked.query}` : asked.path;
  const kept = asked.query.size > 0 ? [] : [...asked.form].filter(([name]) => name !== 'login');
  const hidden = kept.map(([n, v]) => `<input type="hidden" name="${escaped(n)}" value="${escaped(v)}">`);
  const complaint = wrong === null ? '' : '<p>There is no such account.</p>';
  const buttons = '<button>Sign in</button><button name="decision" value="deny">Cancel</button>';
  const form = `<form method="post" action="${escaped(action)}">${hidden.join('')}<input name="login">${buttons}</form>`;
  return { body: `<!doctype html><title>Sign in</title>${complaint}${form}` };
}
