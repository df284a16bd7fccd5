import { type Auth, createAuth, type IssuerOptions } from '@portcullis/auth';
import { upstreamOptions } from '@portcullis/auth/config/upstream-options';
import type { EventSink } from '@portcullis/auth/core/events';
import { isLoopbackHost } from '@portcullis/auth/core/url';
import { documentsFromFile } from '@portcullis/auth/issuer/clients/document-clients';
import { guardedFetch } from '@portcullis/auth/net/guarded-fetch';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import type { SignInFactory } from '@portcullis/auth/sign-in/sign-in';
import { upstreamSignIn } from '@portcullis/auth/sign-in/upstream-provider';
import { usernameResolver } from '@portcullis/auth/sign-in/username';
import type { Settings } from '../settings/names.ts';
import type { OpenState } from './open-state.ts';

/** What scopes mean, for the consent page. Others are shown by their name. */
const SCOPE_TEXTS: Readonly<Record<string, string>> = {
  'mcp:read': 'Use the tools of this server, reading only',
  'mcp:write': 'Use tools that change things',
  'mcp:admin': 'Administer this server',
};

/** Builds the gate from settings; without `state`, nobody signs in. @throws OperatorError when they can not work together */
export async function openAuth(
  settings: Settings,
  state: OpenState | undefined,
  onEvent: EventSink,
): Promise<Auth> {
  const { publicUrl, trustedProxies, allowedHosts, allowedOrigins, scopes, lifetimes, host } = settings;
  const common = {
    publicUrl,
    loopbackBind: isLoopbackHost(host),
    resources: [{ path: '/mcp', name: 'Portcullis', requiredScopes: scopes.baseline }],
    trustedProxies,
    allowedHosts,
    allowedOrigins,
    allowForwarded: forwardedAllowed(settings),
    onEvent,
  };
  if (!settings.auth || !state) return createAuth({ ...common, anyone: true });
  const { store, masterSecret, masterSecretOrigin, previousMasterSecret } = state;
  return createAuth({
    ...common,
    store,
    masterSecret,
    masterSecretOrigin,
    previousMasterSecret,
    scopes: Object.fromEntries(scopes.supported.map((scope) => [scope, SCOPE_TEXTS[scope] ?? scope])),
    baselineScopes: scopes.baseline,
    scopeHierarchy: scopes.hierarchy,
    lifetimes,
    issuer: issuerOptions(settings),
  });
}

/** Development sign-ins and open doors answer no forwarded request, unless they were said twice. */
function forwardedAllowed(settings: Settings): boolean {
  if (!settings.auth) return settings.iKnowAnyoneCanCall;
  return settings.developmentPeople.length === 0 || settings.iKnowAnyoneCanSignIn;
}

function issuerOptions(settings: Settings): IssuerOptions {
  const { registration, clients, introspectionClients, redirectUris, clientIds } = settings;
  return {
    signIns: [
      ...(upstreamOptions(settings.upstream) ? [providerSignIn(settings)] : []),
      ...(settings.developmentPeople.length > 0
        ? [developmentPeople({ people: settings.developmentPeople })]
        : []),
    ],
    registration,
    clients,
    introspectionClients,
    policy: {
      allowedRedirectUris: redirectUris.allow,
      deniedRedirectUris: redirectUris.deny,
      deniedClients: clientIds.deny,
    },
    metadataDocuments: metadataDocuments(settings.cimd),
  };
}

function providerSignIn(settings: Settings): SignInFactory {
  const { rules, emailDomains, case: caseRule } = settings.username;
  const username = usernameResolver({ rules, emailDomains, case: caseRule, setting: 'username' });
  // A little longer than the setting, so that it is the setting that ends a request.
  const timeoutMilliseconds = (settings.upstream.timeoutSeconds + 1) * 1000;
  const fetch = guardedFetch({ trust: 'operator', timeoutMilliseconds });
  return upstreamSignIn({ ...upstreamOptions(settings.upstream)!, username }, fetch);
}

function metadataDocuments(cimd: Settings['cimd']): IssuerOptions['metadataDocuments'] {
  if (cimd.kind === 'off') return 'off';
  return cimd.kind === 'on'
    ? { fetch: guardedFetch({ trust: 'stranger' }) }
    : documentsFromFile(cimd.documents);
}
