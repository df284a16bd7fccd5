// RFC 8414 §2, RFC 8707 §2: URLs that stand for this server have no query and no fragment; https but on loopback.
import { OperatorError } from '../core/operator-error.ts';
import { isLoopbackHost, parseUrl } from '../core/url.ts';

/** The URL without a slash at its end. @throws OperatorError for one that can not stand for a server */
export function checkOwnUrl(text: string, setting: string): string {
  const url = parseUrl(text);
  const problem = (message: string) =>
    new OperatorError([
      {
        setting,
        source: 'options of createAuth',
        message,
        remedy: 'Write the URL people reach this server at, such as https://mcp.example.com.',
      },
    ]);
  if (!url || !/^https?:$/.test(url.protocol)) throw problem('It is no http or https URL.');
  if (/[?#]/.test(text) || url.username || url.password)
    throw problem('It must have no query, no fragment and no user name.');
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    throw problem('Plain http is for loopback addresses only.');
  return url.origin + url.pathname.replace(/\/+$/, '');
}
