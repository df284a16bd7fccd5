import type { Clock } from './core/clock.ts';
import type { EventSink } from './core/events.ts';
import type { Random } from './core/random.ts';
import type { ForwardedMetadataOptions } from './gate/forwarded-metadata.ts';
import type { BodyLimits } from './http/body.ts';
import type { GrantOptions, IssuerOptions, StateOptions } from './issuer/issuer-options.ts';
import type { ScopeMap } from './protocol/scope-map.ts';
import type { Verifier } from './verify/verifier.ts';

/** One protected resource: an MCP endpoint. */
export interface ResourceOptions {
  /** Path below the public URL, such as `/mcp`. Default `/mcp`. The resource identifier is public URL plus path. */
  readonly path?: string;
  /**
   * The resource identifier (RFC 8707 §2), where it is not the public URL with the path behind it: what tokens are for. Requests for its
   * metadata have to reach this server. Changed later, every token is for something else. Default: public URL and path.
   */
  readonly identifier?: string;
  /** For pages and metadata. Default `MCP server`. */
  readonly name?: string;
  /** Scopes that every request needs beside a good token. Default none. */
  readonly requiredScopes?: readonly string[];
  /** Scopes that the metadata of the resource names. Default: the baseline of the server. Few: clients ask for all of them at first. */
  readonly scopesSupported?: readonly string[];
  /** A page for people about this resource. Default none. */
  readonly documentation?: string;
}

/** The options of `createAuth`. */
export interface AuthOptions extends StateOptions, GrantOptions {
  /** The URL people reach this server at, with the mount path if there is one, without a trailing slash: `https://mcp.example.com`. */
  readonly publicUrl: string;
  /** Is the server bound to loopback alone? Then every loopback name and port counts as its own. Default: whether `publicUrl` is loopback. */
  readonly loopbackBind?: boolean;
  /** What is protected. Default: one resource at `/mcp`. */
  readonly resources?: readonly ResourceOptions[];
  /**
   * Lets everybody in, without a token, under one identity that is nobody (`urn:portcullis:anyone`). Only Host, Origin and forwarding
   * headers are looked at. Excludes `issuer` and `verifiers`. Default `false`. Where others can reach the server, they can call everything.
   */
  readonly anyone?: boolean;
  /** Makes this an authorization server. Without it, tokens come from elsewhere, and `verifiers` must be given. */
  readonly issuer?: IssuerOptions;
  /** Verifiers of tokens from elsewhere, asked after our own. Default none. */
  readonly verifiers?: readonly Verifier[];
  /** Issuers of those tokens, for the resource metadata, the preferred one first: some clients read no further. Default none. */
  readonly authorizationServers?: readonly string[];
  /** The metadata of such an issuer at our own address, for clients that look for it there. Default: not forwarded. */
  readonly forwardedMetadata?: ForwardedMetadataOptions;
  /** How the issuer of those tokens spells scopes: challenges and metadata speak its language. Default: as we do. */
  readonly scopeMap?: ScopeMap;
  /** Addresses or ranges of proxies whose forwarding headers are believed. Default none. */
  readonly trustedProxies?: readonly string[];
  /** Further host names this server answers for. Default none. */
  readonly allowedHosts?: readonly string[];
  /** Further origins of web pages that may call. Default none. */
  readonly allowedOrigins?: readonly string[];
  /** Development sign-ins answer no forwarded request unless this is `true`. Default: `false` with development people, else `true`. */
  readonly allowForwarded?: boolean;
  /** Limits for bodies. Default 64 KiB within 10 seconds. */
  readonly bodyLimits?: BodyLimits;
  /** Told of every decision. Default: nobody. Must not throw. */
  readonly onEvent?: EventSink;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: the system's. */
  readonly random?: Random;
}
