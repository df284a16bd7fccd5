// RFC 6749 §2.3.1 with RFC 7617: client id and secret in a Basic header, each form-encoded first.
import { fromUtf8 } from '../core/encoding.ts';
import { Refusal } from '../core/refusal.ts';
import { decodeFormText } from './form.ts';

export interface BasicCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const MAX_ENCODED_LENGTH = 8192;

/** The credentials of a Basic header; `undefined` when the header is absent or of another scheme. */
export function parseBasicCredentials(header: string | null | undefined): BasicCredentials | undefined {
  const value = header?.trim() ?? '';
  if (!/^basic(?: |$)/i.test(value)) return undefined;
  const encoded = /^\S+ +([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1];
  if (encoded === undefined || encoded.length > MAX_ENCODED_LENGTH) throw malformed('syntax');
  const text = decode(encoded);
  const colon = text.indexOf(':');
  if (colon < 1) throw malformed('no client id');
  const clientId = decodeFormText(text.slice(0, colon));
  const clientSecret = decodeFormText(text.slice(colon + 1));
  if (/\p{Cc}/u.test(clientId + clientSecret)) throw malformed('control character');
  return { clientId, clientSecret };
}

function decode(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) throw malformed('base64');
  try {
    return fromUtf8(bytes);
  } catch {
    throw malformed('UTF-8');
  }
}

function malformed(problem: string): Refusal {
  return new Refusal('authorization-header.malformed', { scheme: 'basic', problem });
}
