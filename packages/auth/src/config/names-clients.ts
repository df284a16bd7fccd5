import type { StaticClient } from '../issuer/clients/static-clients.ts';
import type { ConsentMode } from '../issuer/context/consent-mode.ts';
import type { IntrospectionClient } from '../issuer/context/issuer-context.ts';
import { BASELINE_SCOPE } from '../protocol/scope.ts';
import { introspectionClients, scopeHierarchy, staticClients } from './object-types.ts';
import { optionalSetting, section, setting } from './row.ts';
import {
  clientId,
  consentMode,
  type MetadataDocuments,
  metadataDocuments,
  redirectPattern,
  scopeList,
} from './special-types.ts';
import { baseUrl, listOf, onOff, text, webUrl } from './value-types.ts';
import { signsIn } from './ways-in.ts';

const none: readonly string[] = [];

/** Which MCP clients may ask people for access. */
export const CLIENT_ROWS = section('MCP clients', {
  registration: setting({
    type: onOff,
    default: true,
    description: 'Whether clients may register themselves (RFC 7591). Many MCP clients know no other way.',
    example: 'off',
    wrong:
      'With `off`, clients that are not listed and have no metadata document can not connect, those that registered before included.',
  }),
  cimd: setting<MetadataDocuments>({
    type: metadataDocuments,
    flag: '--cimd <on|off|file>',
    flagHelp: 'Accept client-id metadata documents: fetched, not at all, or from a JSON file',
    default: { kind: 'on' },
    description:
      'Whether a client may be the URL of its metadata document. With a file, documents come from there and nothing is fetched: for networks without a way out.',
    example: './client-documents.json',
    wrong: 'With `off`, clients that only know this way can not connect.',
  }),
  clients: setting<readonly StaticClient[]>({
    type: staticClients,
    default: [],
    defaultText: 'none',
    description: 'Clients you registered by hand. One without a secret and without keys is public.',
    example: '[{"id": "intranet", "redirectUris": ["https://intranet.example.com/callback"]}]',
    wrong: 'The client is answered with `invalid_client`, or its redirect is refused.',
  }),
  'clientIds.deny': setting({
    type: listOf(clientId),
    default: none,
    defaultText: 'none',
    description:
      'Clients that may not connect, by their whole id. By where they are called back: `redirectUris.deny`.',
    example: 'https://unwanted.example.net/client.json',
    wrong: 'Sessions of these clients end at their next refresh.',
  }),
  'redirectUris.allow': optionalSetting({
    type: listOf(redirectPattern),
    defaultText: 'what each client registered',
    description:
      'The only places a browser may be sent back to. Narrows what clients registered, and never widens it.',
    example: 'http://localhost:*, https://claude.ai/*',
    wrong: 'Clients that are called back elsewhere can not connect.',
  }),
  'redirectUris.deny': setting({
    type: listOf(redirectPattern),
    default: none,
    defaultText: 'none',
    description: 'Places a browser is never sent back to. Wins over `redirectUris.allow`.',
    example: 'https://*.example.net',
    wrong: 'Clients that are called back there can not connect.',
  }),
  introspectionClients: setting<readonly IntrospectionClient[]>({
    type: introspectionClients,
    default: [],
    defaultText: 'none',
    description: 'Resource servers that may ask `/introspect` about every token (RFC 7662).',
    example: '[{"id": "reports", "secret": "env:REPORTS_SECRET"}]',
    wrong: 'Whoever has such a secret learns who a token belongs to.',
  }),
});

/** When a person is asked, and under which names the authorization server is known. */
export const ISSUER_ROWS = section('Authorization server', {
  consent: setting<ConsentMode>({
    type: consentMode,
    default: 'always',
    description:
      'When a person is asked before a client gets access. `always`: each time. `remember`: not again in a browser in which the same person approved the same client, address and scopes, for clients you listed or with a metadata document, at https addresses. `external`: somebody else asks. `off`: nobody asks. The last two start only where `redirectUris.allow` is set, or clients can not register.',
    example: 'remember',
    wrong:
      'With `external` and `off`, whoever follows a prepared link while signed in at the provider gives that client access without a word.',
  }),
  issuerUrl: optionalSetting({
    type: baseUrl,
    defaultText: '`publicUrl`',
    description:
      'The issuer identifier in metadata and tokens, where it is not the public URL: such as the root of the host that this server is mounted below. Requests for its well-known addresses have to reach this server.',
    example: 'https://mcp.example.com',
    wrong: 'Clients refuse the metadata. Changed later, every session ends.',
  }),
  callbackPath: setting({
    type: text({ says: 'path of plain segments', max: 256, pattern: /^(?:\/[\w.~-]+)+$/ }),
    default: '/auth/callback',
    description:
      'Where identity providers send browsers back to, below the public URL. Registered at each of them.',
    example: '/auth/callback',
    wrong: 'The provider shows an error page in place of its sign-in.',
  }),
  documentation: optionalSetting({
    type: webUrl('anywhere'),
    defaultText: 'none',
    description: 'A page for developers of clients, named in the metadata (`service_documentation`).',
    example: 'https://docs.example.com/mcp',
    wrong: 'Developers do not find out how to connect.',
  }),
});

/** What tokens allow. */
export const SCOPE_ROWS = section('Scopes', {
  'scopes.baseline': setting<readonly string[]>({
    type: scopeList,
    default: ({ value }) => (signsIn(value) ? [BASELINE_SCOPE] : []),
    defaultText: '`mcp:read`; none where all tokens come from elsewhere',
    description:
      'What a client gets when it names no scope, and what a client without a token is told to ask for.',
    example: 'mcp:read',
    wrong: 'Too much here is granted to every client without being asked for.',
  }),
  'scopes.required': setting<readonly string[]>({
    type: scopeList,
    default: ({ value }) => (value('scopes.baseline') as readonly string[] | undefined) ?? [],
    defaultText: 'those of `scopes.baseline`',
    description:
      'What every call needs. Less than the baseline where a provider does not write all that was asked for into its tokens, such as `openid`.',
    example: 'mcp:read',
    wrong:
      'With a scope that tokens do not have, every call is a 403. With none, every token of this resource can call.',
  }),
  'scopes.supported': setting<readonly string[]>({
    type: scopeList,
    default: ({ value }) => (value('scopes.baseline') as readonly string[] | undefined) ?? [BASELINE_SCOPE],
    defaultText: 'those of `scopes.baseline`',
    description: 'Every scope that can be granted.',
    example: 'mcp:read mcp:write',
    wrong:
      'Other scopes a client asks for are left out; a client that asks for none of these is answered with `invalid_scope`.',
  }),
  'scopes.hierarchy': setting<Readonly<Record<string, readonly string[]>>>({
    type: scopeHierarchy,
    default: {},
    defaultText: 'none',
    description: 'Which narrower scopes a broader one stands for as well.',
    example: '{"mcp:write": ["mcp:read"]}',
    wrong: 'Tokens can do more, or less, than was meant.',
  }),
});
