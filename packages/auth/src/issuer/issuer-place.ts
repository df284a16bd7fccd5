// RFC 8414 §2, RFC 6749 §3.1.2: under which name and at which addresses the authorization server is known.
import { OperatorError, type Problem } from '../core/operator-error.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { ConsentMode } from './context/consent-mode.ts';
import { PATHS } from './context/paths.ts';
import type { IssuerOptions } from './issuer-options.ts';
import { checkOwnUrl } from './own-url.ts';

export interface IssuerPlace {
  /** Byte for byte as in metadata, tokens and `iss`. */
  readonly issuer: string;
  readonly callbackPath: string;
  readonly documentation: string | undefined;
  readonly consent: ConsentMode;
}

/** @throws OperatorError with everything that is wrong */
export function issuerPlace(options: IssuerOptions, publicUrl: string): IssuerPlace {
  const { identifier, callbackPath = PATHS.callback, documentation, consent = 'always' } = options;
  const problems: Problem[] = [];
  const add = (setting: string, message: string, remedy: string) =>
    problems.push({ setting, source: 'options of createAuth', message, remedy });
  const others = Object.values(PATHS).filter((path) => path !== PATHS.callback);
  if (!/^(?:\/[\w.~-]+)+$/.test(callbackPath) || /\/\.{1,2}(?:\/|$)|\/\.well-known/.test(callbackPath))
    add('callbackPath', 'It is no path of plain segments.', 'Write a path such as /auth/callback.');
  if (others.some((path) => path === callbackPath))
    add('callbackPath', 'It is the path of another endpoint.', 'Choose another, such as /auth/callback.');
  if (documentation !== undefined && !/^https?:\/\//.test(documentation))
    add('documentation', 'It is no URL.', 'Write the URL of a page for developers of clients.');
  // Whoever can register an address gets a code without a word to the person: so the addresses have to be chosen by the operator.
  const isLimited =
    options.policy?.allowedRedirectUris !== undefined ||
    (options.registration === false && (options.metadataDocuments ?? 'off') === 'off');
  if ((consent === 'off' || consent === 'external') && !isLimited)
    add(
      'consent',
      'Nobody is asked here, and any client that registers itself could get access in the name of whoever follows a link.',
      'Limit where browsers are sent to (redirectUris.allow), or list clients and switch registration and cimd off; or use always or remember.',
    );
  if (problems.length > 0) throw new OperatorError(problems);
  const issuer = identifier === undefined ? publicUrl : checkOwnUrl(identifier, 'identifier');
  return { issuer, callbackPath, documentation, consent };
}

/** Where nobody is asked there is no page to choose a sign-in on: what is wrong with so many. */
export function consentProblem(
  consent: ConsentMode,
  signIns: number,
): Pick<Problem, 'message' | 'remedy'> | undefined {
  if ((consent !== 'external' && consent !== 'off') || signIns <= 1) return undefined;
  return {
    message: `With ${consent}, people are sent to sign in at once, and there are ${signIns} ways to.`,
    remedy: 'Keep one way to sign in, or use always or remember.',
  };
}

/** @throws OperatorError */
export function checkConsentSignIns(consent: ConsentMode, signIns: readonly SignIn[]): void {
  const problem = consentProblem(consent, signIns.length);
  if (problem) throw new OperatorError([{ setting: 'consent', source: 'options of createAuth', ...problem }]);
}
