import { type Auth, createAuth, type IssuerOptions } from '@portcullis/auth';
import type { EventSink } from '@portcullis/auth/core/events';
import { isLoopbackHost } from '@portcullis/auth/core/url';
import { documentsFromFile } from '@portcullis/auth/issuer/clients/document-clients';
import type { Settings } from '../settings/names.ts';
import { type OpenIdentity, openIdentity } from './open-identity.ts';
import type { OpenState } from './open-state.ts';
import { type WayOut, wayOut } from './way-out.ts';

/** What scopes mean, for the consent page. Others are shown by their name. */
const SCOPE_TEXTS: Readonly<Record<string, string>> = {
  'mcp:read': 'Use the tools of this server, reading only',
  'mcp:write': 'Use tools that change things',
  'mcp:admin': 'Administer this server',
};

/**
 * Builds the gate from settings; without `state`, nobody signs in here. `standIns`: ways to sign in, in place of those of the settings.
 * @throws OperatorError when they can not work together
 */
export async function openAuth(
  settings: Settings,
  state: Omit<OpenState, 'keysLine' | 'together'> | undefined,
  onEvent: EventSink,
  standIns?: OpenIdentity['signIns'],
): Promise<Auth> {
  const { publicUrl, trustedProxies, allowedHosts, allowedOrigins, scopes, lifetimes, host } = settings;
  const { name, documentation, scopes: scopesSupported, url: identifier } = settings.resource;
  const common = {
    publicUrl,
    loopbackBind: isLoopbackHost(host),
    resources: [
      { path: '/mcp', identifier, name, documentation, scopesSupported, requiredScopes: scopes.required },
    ],
    trustedProxies,
    allowedHosts,
    allowedOrigins,
    allowForwarded: forwardedAllowed(settings),
    onEvent,
  };
  if (!settings.auth) return createAuth({ ...common, anyone: true });
  const out = wayOut(settings);
  const { signIns, ...elsewhere } = openIdentity(settings, out, onEvent);
  const tokens = {
    ...common,
    ...elsewhere,
    baselineScopes: scopes.baseline,
    scopeHierarchy: scopes.hierarchy,
  };
  if (!state) return createAuth(tokens);
  const { store, masterSecret, masterSecretOrigin, previousMasterSecret } = state;
  return createAuth({
    ...tokens,
    store,
    masterSecret,
    masterSecretOrigin,
    previousMasterSecret,
    scopes: Object.fromEntries(scopes.supported.map((scope) => [scope, SCOPE_TEXTS[scope] ?? scope])),
    lifetimes,
    issuer: issuerOptions(settings, standIns ?? signIns, out),
  });
}

/** Development sign-ins, static tokens and open doors answer no forwarded request, unless they were said twice. */
function forwardedAllowed(settings: Settings): boolean {
  if (!settings.auth) return settings.iKnowAnyoneCanCall;
  const isOpen = settings.developmentPeople.length > 0 || Object.keys(settings.staticTokens).length > 0;
  return !isOpen || settings.iKnowAnyoneCanSignIn;
}

function issuerOptions(settings: Settings, signIns: OpenIdentity['signIns'], out: WayOut): IssuerOptions {
  const { registration, clients, introspectionClients, redirectUris, clientIds } = settings;
  return {
    signIns,
    consent: settings.consent,
    identifier: settings.issuerUrl,
    callbackPath: settings.callbackPath,
    documentation: settings.documentation,
    registration,
    clients,
    introspectionClients,
    policy: {
      allowedRedirectUris: redirectUris.allow,
      deniedRedirectUris: redirectUris.deny,
      deniedClients: clientIds.deny,
    },
    metadataDocuments: metadataDocuments(settings.cimd, out),
  };
}

function metadataDocuments(cimd: Settings['cimd'], out: WayOut): IssuerOptions['metadataDocuments'] {
  if (cimd.kind === 'off') return 'off';
  return cimd.kind === 'on' ? { fetch: out.stranger() } : documentsFromFile(cimd.documents);
}
