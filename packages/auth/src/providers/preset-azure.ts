import { Refusal } from '../core/refusal.ts';
import type { Claims } from '../upstream/claims.ts';
import type { Preset, PresetConflict, PresetInput, Yields } from './preset.ts';
import { HOST, SEGMENT, UUID } from './preset-patterns.ts';

const SHARED = ['common', 'organizations', 'consumers'];

/** What the console of Azure shows of an app registration. */
export const azureOptions: Preset['options'] = {
  tenant: {
    console: 'App registrations › your app › Overview › Directory (tenant) ID; or `organizations`',
    example: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
    required: true,
    pattern: new RegExp(`${UUID.source}|^(?:${SHARED.join('|')})$`),
  },
  allowedTenants: {
    console: 'The directory (tenant) IDs of the organisations whose people may sign in',
    example: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
    required: false,
    list: true,
    pattern: UUID,
  },
  identifierUri: {
    console: 'App registrations › your app › Expose an API › Application ID URI',
    example: 'api://6731de76-14a6-49ae-97bc-6eba6914391e',
    required: false,
  },
  authority: {
    console: 'The host of the sign-in page: of a national cloud, or of Azure AD B2C',
    example: 'login.microsoftonline.us',
    required: false,
    pattern: HOST,
  },
  policy: {
    console: 'Azure AD B2C › User flows › Name',
    example: 'B2C_1_sign_in',
    required: false,
    pattern: SEGMENT,
  },
};

export function azureConflicts({ options, lists }: PresetInput): readonly PresetConflict[] {
  const { tenant = '', policy, authority } = options;
  const isShared = SHARED.includes(tenant);
  const found: PresetConflict[] = [];
  const add = (option: PresetConflict['option'], message: string, remedy: string) =>
    found.push({ option, message, remedy });
  if (isShared && policy === undefined && lists.allowedTenants === undefined)
    add(
      'allowedTenants',
      'It is missing, and people of every tenant could sign in.',
      'List the tenants that may, or set upstream.tenant to the id of your own.',
    );
  if (!isShared && tenant !== '' && lists.allowedTenants !== undefined)
    add(
      'allowedTenants',
      'There is one tenant only.',
      'Leave it out, or set upstream.tenant to organizations.',
    );
  if (policy !== undefined && isShared)
    add('tenant', 'Azure AD B2C needs its own tenant.', 'Set the directory (tenant) ID.');
  if (policy !== undefined && authority === undefined)
    add('authority', 'It is missing, and there is a policy.', 'Set the host, such as acme.b2clogin.com.');
  return found;
}

export const azureYields: Yields = {
  identity: '`sub`, of the issuer of the tenant',
  email: '`email`; of B2C the first of `emails`',
  emailVerified: '`xms_edov`, an optional claim; never with B2C',
  name: '`name`',
  groups: '`groups`: ids, at most 200; or `roles`, by `upstream.groupsClaim`',
};

/** An e-mail is what an administrator of any tenant wrote, unless its domain is known to be theirs. B2C writes a list, and no word of that. */
export function azureClaims(claims: Claims): Claims {
  const { email, emails, xms_edov: isOwn } = claims;
  return {
    ...claims,
    email: email ?? (Array.isArray(emails) ? emails[0] : undefined),
    email_verified: isOwn === true || isOwn === 1 || isOwn === 'true' || isOwn === '1',
  };
}

/**
 * An ID token is for the same audience as an access token of the same registration. It names no client, and every access token does. An
 * application gets a token for any other of its tenant, without anybody having allowed it anything: such a token names neither scope nor role.
 * @throws Refusal
 */
function azureTokenClaims(claims: Claims): Claims {
  if (claims.azp === undefined && claims.appid === undefined)
    throw new Refusal('token.type', { seen: 'an ID token' });
  const roles = Array.isArray(claims.roles) ? claims.roles : [];
  if (claims.scp === undefined && roles.length === 0)
    throw new Refusal('token.claims', { claim: 'scp', why: 'nothing was granted' });
  return azureClaims(claims);
}

/** A tenant of B2C has tokens of all its policies alike: a weaker one must not do for a stronger. */
export function accessTokenClaims(policy: string | undefined): (claims: Claims) => Claims {
  return (claims) => {
    const used = [claims.tfp, claims.acr].find((name): name is string => typeof name === 'string');
    if (policy !== undefined && used?.toLowerCase() !== policy.toLowerCase())
      throw new Refusal('token.claims', { claim: 'tfp', why: 'another policy' });
    return azureTokenClaims(claims);
  };
}
