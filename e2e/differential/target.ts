import type { Client, PlainClient } from '../clients/plain-client.ts';
import type { ScriptedBrowser } from '../clients/scripted-browser.ts';
import type { Observation } from './observation.ts';

/** What a metadata document answers with. */
export interface PublishedDocument {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An authorization server under comparison. Both sides are asked over HTTP, and nothing else is known of them. */
export interface Target {
  readonly issuer: string;
  /** The resource both give tokens for. */
  readonly resource: string;
  /** Bare requests to it. */
  readonly client: PlainClient;
  /** An installation whose issuer has the path `/t1`. */
  readonly belowPath: PlainClient;
  /** Clients the operator registered: `none`, `client_secret_basic`, `client_secret_post`, and one with two https redirect URIs. */
  readonly known: Readonly<Record<'public' | 'basic' | 'post' | 'web', Client>>;
  newBrowser(): ScriptedBrowser;
  /** Time passes, for everybody. */
  advance(seconds: number): void;
  /** Publishes a client metadata document at an https URL; how often it was fetched. */
  publish(url: string, document: PublishedDocument | (() => PublishedDocument)): { fetches(): number };
  /** Can it be started with this public URL? */
  opens(publicUrl: string): Promise<boolean>;
  /** The headers of its metadata, where its public URL is https. */
  secureHeaders(): Promise<Headers>;
}

/** Something a client does, and what can be seen of the answer. */
export interface Behaviour {
  readonly id: string;
  /** Rules of the MCP checklist for authorization servers that it touches. */
  readonly rules: readonly string[];
  readonly what: string;
  readonly drive: (target: Target) => Promise<Observation>;
}
