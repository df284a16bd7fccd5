import type { Answer } from './http-server.ts';

/** What a request can do wrong, whichever provider is asked. */
export type Fault =
  | 'unknown-client'
  | 'redirect-not-registered'
  | 'missing-parameter'
  | 'repeated-parameter'
  | 'response-type'
  | 'challenge-required'
  | 'challenge-method'
  | 'scope'
  | 'denied'
  | 'login-required'
  | 'client-not-found'
  | 'client-authentication'
  | 'client-unauthenticated'
  | 'public-client-with-secret'
  | 'two-authentications'
  | 'grant-type'
  | 'code'
  | 'code-used'
  | 'code-expired'
  | 'redirect-differs'
  | 'verifier'
  | 'verifier-missing'
  | 'refresh-token'
  | 'refresh-scope'
  | 'token-missing'
  | 'token'
  | 'token-scope';

/** How a provider says one of them. In `description`, `{detail}` is what the request had there. */
export interface FaultFact {
  readonly status: number;
  readonly error: string;
  readonly description?: string;
  /** At the authorization endpoint: on a page of the provider, or with a redirect to the client. */
  readonly where?: 'page' | 'redirect';
}

export type FaultFacts = Readonly<Record<Fault, FaultFact>>;

const page = (error: string): FaultFact => ({ status: 400, error, where: 'page' });
const redirect = (error: string): FaultFact => ({ status: 400, error, where: 'redirect' });
const direct = (status: number, error: string): FaultFact => ({ status, error });

/** RFC 6749 §4.1.2.1 and §5.2, RFC 7636 §4.4.1 and §4.6, RFC 6750 §3.1: where a provider documents nothing else. */
export const STANDARD_FAULTS: FaultFacts = {
  'unknown-client': page('invalid_client'),
  'redirect-not-registered': page('invalid_request'),
  'missing-parameter': redirect('invalid_request'),
  'repeated-parameter': redirect('invalid_request'),
  'response-type': redirect('unsupported_response_type'),
  'challenge-required': redirect('invalid_request'),
  'challenge-method': redirect('invalid_request'),
  scope: redirect('invalid_scope'),
  denied: redirect('access_denied'),
  'login-required': redirect('login_required'),
  'client-not-found': direct(401, 'invalid_client'),
  'client-authentication': direct(401, 'invalid_client'),
  'client-unauthenticated': direct(401, 'invalid_client'),
  'public-client-with-secret': direct(401, 'invalid_client'),
  'two-authentications': direct(400, 'invalid_request'),
  'grant-type': direct(400, 'unsupported_grant_type'),
  code: direct(400, 'invalid_grant'),
  'code-used': direct(400, 'invalid_grant'),
  'code-expired': direct(400, 'invalid_grant'),
  'redirect-differs': direct(400, 'invalid_grant'),
  verifier: direct(400, 'invalid_grant'),
  'verifier-missing': direct(400, 'invalid_grant'),
  'refresh-token': direct(400, 'invalid_grant'),
  'refresh-scope': direct(400, 'invalid_scope'),
  'token-missing': direct(401, 'invalid_token'),
  token: direct(401, 'invalid_token'),
  'token-scope': direct(403, 'insufficient_scope'),
};

/** Thrown where a request is refused: a fault of the table, or one of the provider alone. */
export class Refusal extends Error {
  readonly fault: Fault | FaultFact;
  readonly detail: string;

  constructor(fault: Fault | FaultFact, detail = '') {
    super(typeof fault === 'string' ? fault : fault.error);
    this.fault = fault;
    this.detail = detail;
  }

  fact(facts: FaultFacts): FaultFact {
    const fact = typeof this.fault === 'string' ? facts[this.fault] : this.fault;
    const { description } = fact;
    return description === undefined
      ? fact
      : { ...fact, description: description.replaceAll('{detail}', this.detail) };
  }
}

/** RFC 6749 §5.2. */
export function errorBody({ status, error, description }: FaultFact): Answer {
  return {
    status,
    body: { error, ...(description === undefined ? {} : { error_description: description }) },
  };
}

/** RFC 6750 §3: at a resource, the error is in the challenge. */
export function bearerError({ status, error, description }: FaultFact): Answer {
  const said = description === undefined ? '' : `, error_description="${description}"`;
  return { status, headers: { 'www-authenticate': `Bearer error="${error}"${said}` }, body: '' };
}
