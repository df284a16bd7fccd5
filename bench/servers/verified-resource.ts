// The program that serves an MCP server behind a gate for tokens from elsewhere: JWTs verified here, or opaque ones that a provider is asked about.
import { randomBytes } from 'node:crypto';
import type { Auth } from '@portcullis/auth';
import { createAuth } from '@portcullis/auth';
import { nodeListener } from '@portcullis/auth/adapters/node';
import { guardedFetch } from '@portcullis/auth/net/guarded-fetch';
import { introspectionVerifier } from '@portcullis/auth/verify/introspection';
import { jwtVerifier } from '@portcullis/auth/verify/jwt';
import { providerApiVerifier } from '@portcullis/auth/verify/provider-api';
import type { Verifier } from '@portcullis/auth/verify/verifier';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { givenOptions, serveParent } from '../processes/serve-parent.ts';
import { greeter } from './greeter.ts';
import { listen } from './listen.ts';

/** How tokens are verified. */
export type VerifiedBy = 'JWT' | 'introspection' | 'provider API';

export interface VerifiedResourceOptions {
  readonly by: VerifiedBy;
  /** Where the provider of opaque tokens is. */
  readonly providerPort: number;
}

const { by, providerPort } = givenOptions<VerifiedResourceOptions>();
const provider = `http://127.0.0.1:${providerPort}`;
const AUDIENCE = 'bench';
const keys = await generateKeyPair('ES256', { extractable: true });

/** With defaults wherever there is one, above all for how long an answer counts. */
async function verifier(): Promise<Verifier> {
  const parts = { fetch: guardedFetch({ trust: 'operator' }) };
  const common = { issuer: provider, audience: AUDIENCE };
  if (by === 'JWT')
    return jwtVerifier({ ...common, keys: { publicKey: { ...(await exportJWK(keys.publicKey)) } } }, parts);
  if (by === 'provider API')
    return providerApiVerifier({ ...common, calls: [{ url: `${provider}/me` }] }, parts);
  return introspectionVerifier(
    {
      ...common,
      endpoint: `${provider}/introspect`,
      clientId: 'gate',
      clientSecret: 'a secret of the bench',
    },
    parts,
  );
}

/** Tokens that nobody has shown yet. */
function makeTokens({ count }: { readonly count: number }): Promise<readonly string[]> {
  const one = () => {
    const id = randomBytes(24).toString('base64url');
    if (by !== 'JWT') return id;
    return new SignJWT({ scope: 'mcp:read', client_id: 'bench' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(provider)
      .setSubject(`person of ${id}`)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('1 h')
      .sign(keys.privateKey);
  };
  return Promise.all(Array.from({ length: count }, one));
}

let auth: Auth;
const port = await listen(async (chosen) => {
  auth = await createAuth({
    publicUrl: `http://localhost:${chosen}`,
    resources: [{ requiredScopes: ['mcp:read'] }],
    verifiers: [await verifier()],
    authorizationServers: [provider],
  });
  return nodeListener(auth, greeter() as Parameters<typeof nodeListener>[1]);
});

serveParent({ port: () => port, tokens: makeTokens });
