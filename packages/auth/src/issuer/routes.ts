import type { Answer, Exchange, Route } from '../http/route.ts';
import { serverMetadataPaths } from '../protocol/server-metadata.ts';
import { callbackPathOf, type IssuerContext } from './context/issuer-context.ts';
import { PATHS } from './context/paths.ts';
import { answerAuthorize } from './endpoints/authorize.ts';
import { answerCallback } from './endpoints/callback.ts';
import { answerConsent } from './endpoints/consent.ts';
import { answerIntrospection } from './endpoints/introspect.ts';
import { answerJwks } from './endpoints/jwks.ts';
import { answerLoginCheck, answerLoginCheckSignIn } from './endpoints/login-check.ts';
import { answerLogout, answerLogoutDone } from './endpoints/logout.ts';
import { answerRegistration } from './endpoints/register.ts';
import { answerRevocation } from './endpoints/revoke.ts';
import { answerServerMetadata } from './endpoints/server-metadata.ts';
import { answerSignIn } from './endpoints/sign-in.ts';
import { answerToken } from './endpoints/token.ts';

type Endpoint = (context: IssuerContext, exchange: Exchange) => Answer | Promise<Answer>;
type Row = readonly [
  Pick<Route, 'audience' | 'cors' | 'methods' | 'body'>,
  string,
  readonly string[],
  Endpoint,
];

const DOCUMENT = { audience: 'program', cors: true, methods: ['GET'], body: 'none' } as const;
const FORM = { audience: 'program', cors: true, methods: ['POST'], body: 'form' } as const;
const JSON_BODY = { audience: 'program', cors: true, methods: ['POST'], body: 'json' } as const;
const PAGE = { audience: 'person', cors: false, methods: ['GET', 'POST'], body: 'form' } as const;
const PAGE_FORM = { audience: 'person', cors: false, methods: ['POST'], body: 'form' } as const;
const PAGE_TO_READ = { audience: 'person', cors: false, methods: ['GET'], body: 'none' } as const;

function callbackRow(context: IssuerContext, signInId: string, at: number): Row {
  return [
    PAGE,
    at === 0 ? 'callback' : `callback ${signInId}`,
    [callbackPathOf(context, signInId)],
    (_context, exchange) => answerCallback(context, exchange, signInId),
  ];
}

/** Below the issuer, and below the public URL where that is another: clients that know no issuer look there. */
function metadataPaths(
  { issuer, publicUrl }: IssuerContext,
  resourcePaths: readonly string[],
): readonly string[] {
  const paths = [issuer, publicUrl].flatMap((url) => serverMetadataPaths(url, resourcePaths));
  return [...new Set(paths)];
}

/** The endpoints of the authorization server, a row each. `resourcePaths`: of its resources, since clients look for metadata there too. */
export function issuerRoutes(context: IssuerContext, resourcePaths: readonly string[]): readonly Route[] {
  const rows: readonly Row[] = [
    [DOCUMENT, 'server-metadata', metadataPaths(context, resourcePaths), answerServerMetadata],
    [DOCUMENT, 'jwks', [PATHS.jwks, '/.well-known/jwks.json'], answerJwks],
    [JSON_BODY, 'register', [PATHS.register], answerRegistration],
    [PAGE, 'authorize', [PATHS.authorize], answerAuthorize],
    [PAGE_FORM, 'consent', [PATHS.consent], answerConsent],
    [PAGE_FORM, 'sign-in', [PATHS.signIn], answerSignIn],
    ...context.signIns.map(({ id }, at) => callbackRow(context, id, at)),
    [PAGE, 'login-check', [PATHS.loginCheck], answerLoginCheck],
    [PAGE_FORM, 'login-check-sign-in', [PATHS.loginCheckSignIn], answerLoginCheckSignIn],
    [PAGE, 'logout', [PATHS.logout], answerLogout],
    [PAGE_TO_READ, 'logout-done', [PATHS.logoutDone], answerLogoutDone],
    [FORM, 'token', [PATHS.token], answerToken],
    [FORM, 'revoke', [PATHS.revoke], answerRevocation],
    [FORM, 'introspect', [PATHS.introspect], answerIntrospection],
  ];
  return rows.map(([form, id, paths, endpoint]) => ({
    ...form,
    id,
    paths,
    handle: (exchange) => endpoint(context, exchange),
  }));
}
