import type { Route } from '../http/route.ts';
import { serverMetadataPaths } from '../protocol/server-metadata.ts';
import { answerAuthorize } from './endpoints/authorize.ts';
import { answerCallback } from './endpoints/callback.ts';
import { answerConsent } from './endpoints/consent.ts';
import { answerIntrospection } from './endpoints/introspect.ts';
import { answerJwks } from './endpoints/jwks.ts';
import { answerRegistration } from './endpoints/register.ts';
import { answerRevocation } from './endpoints/revoke.ts';
import { answerServerMetadata } from './endpoints/server-metadata.ts';
import { answerSignIn } from './endpoints/sign-in.ts';
import { answerToken } from './endpoints/token.ts';
import type { IssuerContext } from './issuer-context.ts';
import { PATHS } from './paths.ts';

/** The endpoints of the authorization server, a row each. */
export function issuerRoutes(context: IssuerContext, pathOf: (url: string) => string): readonly Route[] {
  const resourcePaths = context.resources.map(({ resource }) => pathOf(resource));
  const program = { audience: 'program', cors: true } as const;
  const person = { audience: 'person', cors: false } as const;
  return [
    {
      ...program,
      id: 'server-metadata',
      paths: serverMetadataPaths(context.issuer, resourcePaths),
      methods: ['GET'],
      body: 'none',
      handle: () => answerServerMetadata(context),
    },
    {
      ...program,
      id: 'jwks',
      paths: [PATHS.jwks, '/.well-known/jwks.json'],
      methods: ['GET'],
      body: 'none',
      handle: () => answerJwks(context),
    },
    {
      ...program,
      id: 'register',
      paths: [PATHS.register],
      methods: ['POST'],
      body: 'json',
      handle: (e) => answerRegistration(context, e),
    },
    {
      ...program,
      id: 'token',
      paths: [PATHS.token],
      methods: ['POST'],
      body: 'form',
      handle: (e) => answerToken(context, e),
    },
    {
      ...program,
      id: 'revoke',
      paths: [PATHS.revoke],
      methods: ['POST'],
      body: 'form',
      handle: (e) => answerRevocation(context, e),
    },
    {
      ...program,
      id: 'introspect',
      paths: [PATHS.introspect],
      methods: ['POST'],
      body: 'form',
      handle: (e) => answerIntrospection(context, e),
    },
    {
      ...person,
      id: 'authorize',
      paths: [PATHS.authorize],
      methods: ['GET', 'POST'],
      body: 'form',
      handle: (e) => answerAuthorize(context, e),
    },
    {
      ...person,
      id: 'consent',
      paths: [PATHS.consent],
      methods: ['POST'],
      body: 'form',
      handle: (e) => answerConsent(context, e),
    },
    {
      ...person,
      id: 'sign-in',
      paths: [PATHS.signIn],
      methods: ['POST'],
      body: 'form',
      handle: (e) => answerSignIn(context, e),
    },
    {
      ...person,
      id: 'callback',
      paths: [PATHS.callback],
      methods: ['GET', 'POST'],
      body: 'form',
      handle: (e) => answerCallback(context, e),
    },
  ];
}
