// Tokens of Microsoft Entra ID, versions 1.0 and 2.0. Sources as in `azure.ts`.
import { randomUUID } from 'node:crypto';
import type { Exchange, Here } from '../rules.ts';
import type { Claims } from '../signing-keys.ts';
import type { AzureOptions } from './azure.ts';
import { type Cloud, ENTRA_FACTS, ENTRA_HOSTS, ENTRA_IDS, type EntraPerson } from './azure-facts.ts';

const uti = () => randomUUID().replaceAll('-', '').slice(0, 22);

/** «Access token claims reference», 2026-11-20: version 2.0 ends in `/v2.0`; version 1.0 comes from another host. */
function issuer(here: Here<EntraPerson>, tid: string, version: 1 | 2, cloud: Cloud): string {
  const [login, sts] = ENTRA_HOSTS[cloud];
  return here.place(version === 2 ? `${login}/${tid}/v2.0` : `${sts}/${tid}/`);
}

function times(here: Here<EntraPerson>): Claims {
  const iat = here.nowSeconds();
  return { iat, nbf: iat, exp: iat + ENTRA_FACTS.accessTokenSeconds };
}

/** «Access token claims reference», groups overage, 2026-11-20. */
function groupsOf({ groups, oid }: EntraPerson): Claims {
  if (groups.length === 0) return {};
  if (groups.length <= 200) return { groups };
  const endpoint = `https://graph.microsoft.com/v1.0/users/${oid}/getMemberObjects`;
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } };
}

export interface ForApi {
  readonly names: readonly string[];
  readonly identifier: string;
  readonly options: AzureOptions;
  readonly cloud: Cloud;
}

export function accessTokenClaims(
  here: Here<EntraPerson>,
  { person, client, scopes }: Exchange<EntraPerson>,
  { names, identifier, options, cloud }: ForApi,
): { readonly claims: Claims; readonly header: Claims } {
  const version = options.tokenVersion ?? 2;
  const profile = scopes.includes('profile');
  const acr = client.secret === undefined ? '0' : '1';
  const shared = {
    iss: issuer(here, person.tid, version, cloud),
    ...times(here),
    sub: person.sub,
    // Scopes without the prefix that they are asked for with.
    scp: names.join(' '),
    oid: person.oid,
    tid: person.tid,
    uti: uti(),
    ...(person.roles.length > 0 ? { roles: person.roles } : {}),
    ...(options.groups ? groupsOf(person) : {}),
  };
  if (version === 2) {
    const named = profile ? { name: person.name, preferred_username: person.login } : {};
    // In version 2.0 the audience is always the id of the API.
    const claims = { aud: ENTRA_IDS.client, ...shared, ...named, azp: client.id, azpacr: acr, ver: '2.0' };
    return { claims, header: { typ: 'JWT' } };
  }
  const claims = {
    aud: identifier,
    ...shared,
    name: person.name,
    unique_name: person.login,
    upn: person.login,
    appid: client.id,
    appidacr: acr,
    amr: ['pwd'],
    ver: '1.0',
  };
  const { kid } = here.keys.jwks.keys[0]!;
  return { claims, header: { typ: 'JWT', x5t: kid } };
}

/** «ID token claims reference», 2026-11-20. There is no `email_verified`. */
export function idTokenClaims(
  here: Here<EntraPerson>,
  { person, client, scopes, grant, refreshing }: Exchange<EntraPerson>,
  options: AzureOptions,
  cloud: Cloud,
): Claims {
  const nonce = grant.request.parameters.get('nonce');
  const profile = scopes.includes('profile');
  return {
    aud: client.id,
    iss: issuer(here, person.tid, 2, cloud),
    ...times(here),
    sub: person.sub,
    tid: person.tid,
    uti: uti(),
    ver: '2.0',
    ...(profile ? { oid: person.oid, name: person.name, preferred_username: person.login } : {}),
    ...(scopes.includes('email') ? { email: person.email } : {}),
    // «Optional claims reference», 2026-11-20: is the domain of the e-mail verified by its owner?
    ...(options.edov ? { xms_edov: person.edov } : {}),
    ...(options.groups ? groupsOf(person) : {}),
    ...(person.roles.length > 0 ? { roles: person.roles } : {}),
    ...(nonce === null || refreshing ? {} : { nonce }),
  };
}

/** «Access tokens», 2026-11-20: not to be looked at by others. What was signed has another `nonce` in the header than what is sent. */
export async function graphToken(
  here: Here<EntraPerson>,
  exchange: Exchange<EntraPerson>,
  cloud: Cloud,
): Promise<string> {
  const { person, client } = exchange;
  const claims = {
    aud: ENTRA_IDS.graph,
    iss: issuer(here, person.tid, 1, cloud),
    ...times(here),
    sub: person.sub,
    oid: person.oid,
    tid: person.tid,
    appid: client.id,
    uti: uti(),
    ver: '1.0',
  };
  const signed = await here.keys.sign(claims, { typ: 'JWT', nonce: 'hashed' });
  const [header = '', ...rest] = signed.split('.');
  const shown = { ...(JSON.parse(Buffer.from(header, 'base64url').toString()) as Claims), nonce: uti() };
  return [Buffer.from(JSON.stringify(shown)).toString('base64url'), ...rest].join('.');
}
