// RFC 8414 §3, RFC 7591 §3: the metadata of somebody else's authorization server, for clients that look for it at the resource.
import { isObject, parseJson } from '../core/json-text.ts';
import { Refusal } from '../core/refusal.ts';
import type { Answer, Exchange, Route } from '../http/route.ts';
import { parseRegistration, registrationResponse } from '../protocol/client-metadata.ts';
import { serverMetadataPaths } from '../protocol/server-metadata.ts';
import { shown, shownValue } from '../upstream/provider-fault.ts';
import { addressFault } from '../upstream/provider-settings.ts';

export interface ForwardedMetadataOptions {
  /** Where the provider publishes its metadata. */
  readonly url: string;
  /** The document at a URL as parsed JSON, kept for a while. Throws when it can not be had; the answer is 503 then. */
  readonly fetchDocument: (url: string) => Promise<unknown>;
  /**
   * A public client that the operator registered at the provider, where clients can not register themselves. Then the metadata names us as
   * issuer, and our `/register` answers this id to everybody: they all are this one client there. Default: none; the document goes out as it
   * comes.
   */
  readonly publicClientId?: string;
  /** Whose metadata it may be, besides an issuer at the origin of `url`. Default: nobody's. */
  readonly issuers?: readonly string[];
}

/** The endpoints that stand in for an authorization server which is elsewhere. `publicUrl`: the address that clients take for its issuer. */
export function forwardedMetadataRoutes(
  options: ForwardedMetadataOptions,
  publicUrl: string,
  resourcePaths: readonly string[],
): readonly Route[] {
  const common = { audience: 'program', cors: true } as const;
  const metadata: Route = {
    ...common,
    id: 'forwarded-metadata',
    paths: serverMetadataPaths(publicUrl, resourcePaths),
    methods: ['GET'],
    body: 'none',
    handle: () => answerMetadata(options, publicUrl),
  };
  const { publicClientId } = options;
  if (publicClientId === undefined) return [metadata];
  const register: Route = {
    ...common,
    id: 'register-as-public-client',
    paths: [REGISTER],
    methods: ['POST'],
    body: 'json',
    handle: (exchange) => answerRegistration(publicClientId, exchange),
  };
  return [metadata, register];
}

const REGISTER = '/register';
const RETRY_AFTER_SECONDS = 10;

async function answerMetadata(options: ForwardedMetadataOptions, publicUrl: string): Promise<Answer> {
  const document = await fetchMetadata(options);
  const body =
    options.publicClientId === undefined
      ? document
      : {
          ...document,
          // The identifier that was used to find the document has to be in it (RFC 8414 §3.3); what the provider would say of itself in
          // a response (RFC 9207) would then be another.
          issuer: publicUrl,
          authorization_response_iss_parameter_supported: false,
          registration_endpoint: publicUrl + REGISTER,
          token_endpoint_auth_methods_supported: ['none'],
          client_id_metadata_document_supported: false,
        };
  return { kind: 'json', status: 200, body, headers: { 'cache-control': 'public, max-age=300' } };
}

async function fetchMetadata(options: ForwardedMetadataOptions): Promise<Readonly<Record<string, unknown>>> {
  const common = { operation: 'forwarded-metadata', url: options.url };
  let document: unknown;
  try {
    document = await options.fetchDocument(options.url);
  } catch (cause) {
    const kind: unknown = cause instanceof Error && 'kind' in cause ? cause.kind : 'unreachable';
    const detail = { ...common, kind };
    throw new Refusal('verifier.unavailable', detail, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  const why = faultOf(document, options);
  if (why === undefined) return document as Readonly<Record<string, unknown>>;
  const detail = { ...common, kind: 'invalid', why };
  throw new Refusal('verifier.unavailable', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** Members that clients follow. */
const ADDRESSES = [
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'jwks_uri',
];

/**
 * Why a document may not be passed on. RFC 8414 §3: metadata is at the origin of its issuer. That it names the very issuer is not asked: some
 * providers write one document for all their tenants.
 */
function faultOf(document: unknown, { url, issuers = [] }: ForwardedMetadataOptions): string | undefined {
  if (!isObject(document) || typeof document.issuer !== 'string') return 'the document names no issuer';
  const origin = originOf(document.issuer);
  if (origin === undefined || ![url, ...issuers].map(originOf).includes(origin))
    return `the document names another issuer: ${shown(document.issuer)}`;
  for (const name of ADDRESSES) {
    const address = document[name];
    if (address === undefined || address === null) continue;
    const fault = typeof address === 'string' ? addressFault(address, true) : `is ${shownValue(address)}`;
    if (fault !== undefined) return `the address ${name} ${fault}`;
  }
  return isWritable(document) ? undefined : 'the document is nested too deep';
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function isWritable(document: unknown): boolean {
  try {
    return JSON.stringify(document) !== undefined;
  } catch {
    return false;
  }
}

/** Everybody is the same public client at the provider; what they said of themselves is checked, answered, and forgotten. */
function answerRegistration(clientId: string, exchange: Exchange): Answer {
  const metadata = parseRegistration(parseJson(exchange.body));
  const body = registrationResponse({ clientId, metadata: { ...metadata, tokenEndpointAuthMethod: 'none' } });
  return { kind: 'json', status: 201, body };
}
