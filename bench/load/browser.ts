import type { Reply, Send } from './connection.ts';

/** Goes through a login elsewhere: where that sends the browser. `undefined` for an address that is no such login. */
export type LoginElsewhere = (url: URL) => Promise<URL | undefined>;

/**
 * A browser that has never been here: follows redirects, approves, says that it is alice, until it is sent to the client. The address it is
 * sent to.
 */
export async function walk(
  send: Send,
  origin: string,
  target: string,
  elsewhere?: LoginElsewhere,
): Promise<URL> {
  const jar = new Map<string, string>();
  const visit = async (method: 'GET' | 'POST', to: string, body?: string): Promise<Reply> => {
    const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
    const headers: Record<string, string> = cookie ? { cookie } : {};
    if (body !== undefined)
      Object.assign(headers, { origin, 'content-type': 'application/x-www-form-urlencoded' });
    const reply = await send(method, to, headers, body);
    for (const line of reply.cookies) {
      const [pair = ''] = line.split(';', 1);
      const equals = pair.indexOf('=');
      jar.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return reply;
  };

  let reply = await visit('GET', target);
  for (let steps = 0; steps < 20; steps += 1) {
    const next = reply.headers.location ?? refreshTarget(reply.body);
    if (next !== undefined) {
      let url = new URL(next, origin);
      if (url.origin !== origin) {
        const back = await elsewhere?.(url);
        if (back === undefined) return url;
        url = back;
      }
      reply = await visit('GET', url.pathname + url.search);
      continue;
    }
    const form = readForm(reply.body);
    if (!form) break;
    const { pathname, search } = new URL(form.action, origin);
    reply = await visit('POST', pathname + search, form.fields.toString());
  }
  throw new Error(`stuck with ${reply.status}: ${reply.body.slice(0, 1000)}`);
}

function refreshTarget(html: string): string | undefined {
  const refresh = /<meta[^>]*http-equiv="refresh"[^>]*content="\d+;\s*url=([^"]*)"/i.exec(html);
  return refresh ? unescapeHtml(refresh[1]!) : undefined;
}

function readForm(html: string): { readonly action: string; readonly fields: URLSearchParams } | undefined {
  const action = /<form[^>]*action="([^"]*)"/.exec(html)?.[1];
  if (action === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
    fields.append(name!, unescapeHtml(value!));
  }
  if (html.includes('name="action"')) fields.append('action', 'approve');
  else if (html.includes('name="person"')) fields.append('person', 'alice');
  return { action: unescapeHtml(action), fields };
}

function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
