// RFC 6749 §2.3.1: how this server authenticates at the token and revocation endpoints of a provider.
import * as oauth from 'oauth4webapi';
import { type Clock, nowSeconds } from '../core/clock.ts';
import type { ProviderMetadata } from './provider-metadata.ts';
import type { ProviderSettings } from './provider-settings.ts';

export function clientAuthentication(
  settings: Pick<ProviderSettings, 'clientSecret' | 'clientAuthentication'>,
  metadata: Pick<ProviderMetadata, 'token_endpoint_auth_methods_supported'>,
): oauth.ClientAuth {
  const { clientSecret } = settings;
  if (clientSecret === undefined) return oauth.None();
  const method = settings.clientAuthentication ?? offeredMethod(metadata);
  return method === 'post' ? oauth.ClientSecretPost(clientSecret) : basic(clientSecret);
}

/** The default of the specification, unless the provider offers only the other one. */
function offeredMethod(
  metadata: Pick<ProviderMetadata, 'token_endpoint_auth_methods_supported'>,
): 'basic' | 'post' {
  const offered = metadata.token_endpoint_auth_methods_supported;
  if (!offered || offered.includes('client_secret_basic')) return 'basic';
  return offered.includes('client_secret_post') ? 'post' : 'basic';
}

/**
 * Form-encoded as the URL Standard does it, which leaves `-`, `.` and `_` as they are: some providers take ids and secrets as they come,
 * and those three characters are what ids are made of.
 */
function basic(clientSecret: string): oauth.ClientAuth {
  return (_server, client, _body, headers) => {
    const credentials = `${formEncoded(client.client_id)}:${formEncoded(clientSecret)}`;
    headers.set('authorization', `Basic ${btoa(credentials)}`);
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** The client as `oauth4webapi` sees it, with our clock in place of the machine's. */
export function oauthClient(settings: ProviderSettings, clock: Clock): oauth.Client {
  return {
    client_id: settings.clientId,
    [oauth.clockTolerance]: settings.clockToleranceSeconds,
    get [oauth.clockSkew]() {
      return nowSeconds(clock) - Math.floor(Date.now() / 1000);
    },
  };
}
