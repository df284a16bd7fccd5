import { keycloak as preset } from '@portcullis/auth/providers/keycloak';
import { presetInput } from '@portcullis/auth/providers/preset-input';
import { proxyOptions } from '@portcullis/auth/providers/preset-options';
import type { Lifetimes } from '@portcullis/auth/sessions/lifetimes';
import { type UpstreamProviderOptions, upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { freePort } from '../../servers/free-port.ts';
import { type ProtectedServer, recordedFetch, startProtected } from '../protected-server.ts';
import { CLIENT_ID, CLIENT_SECRET, createRealm, type Realm } from './realm.ts';
import type { RunningKeycloak } from './running-keycloak.ts';

/** An access token lives longer than the provider's word for the person counts: so every refresh asks the provider. */
export const ALWAYS_ASKED: Partial<Lifetimes> = { accessTokenSeconds: 600, personCheckSeconds: 60 };

export interface Front {
  readonly server: ProtectedServer;
  readonly realm: Realm;
  readonly asked: ReturnType<typeof recordedFetch>;
  close(): Promise<void>;
}

export interface FrontOptions {
  /** What differs from the preset. */
  readonly provider?: Partial<UpstreamProviderOptions>;
  /** Done before our server starts. */
  readonly prepare?: (realm: Realm) => Promise<void>;
}

/** A realm of its own, and our server in front of it with the preset and nothing else. */
export async function openFront(keycloak: RunningKeycloak, options: FrontOptions = {}): Promise<Front> {
  const port = await freePort();
  const realm = await createRealm(keycloak, `http://localhost:${port}/auth/callback`);
  await options.prepare?.(realm);
  const input = presetInput(preset, 'proxy', {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    resource: `http://localhost:${port}/mcp`,
    options: { realmUrl: realm.url },
  });
  const asked = recordedFetch();
  const signIn = upstreamSignIn({ ...proxyOptions(preset, input), ...options.provider }, asked.fetch);
  const server = await startProtected(port, { issuer: { signIns: [signIn] }, lifetimes: ALWAYS_ASKED });
  return { server, realm, asked, close: () => server.close() };
}
