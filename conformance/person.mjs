/** A person at a browser without JavaScript: keeps cookies, follows redirects, fills the forms of the login and sends them. */

const MAX_STEPS = 15;

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeHtml = (text) =>
  text
    .replaceAll(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex, decimal) =>
      String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    )
    .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name) => ENTITIES[name]);

function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value === undefined ? undefined : unescapeHtml(value);
}

/** The fields that a person sends who approves, and who is `person`. */
function fillForm(html, person) {
  const form = /<form\b[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0];
  if (!form) return undefined;
  const fields = new URLSearchParams();
  for (const [tag] of form.matchAll(/<input\b[^>]*>/gi)) {
    const chosen = attribute(tag, 'type') !== 'radio' || /\schecked\b/i.test(tag);
    const name = attribute(tag, 'name');
    if (name && chosen) fields.append(name, attribute(tag, 'value') ?? '');
  }
  const buttons = [...form.matchAll(/<button\b[^>]*>/gi)].map(([tag]) => [
    attribute(tag, 'name'),
    attribute(tag, 'value'),
  ]);
  const wanted = buttons.find(
    ([name, value]) => (name === 'action' && value === 'approve') || (name === 'person' && value === person),
  );
  if (!wanted) throw new Error('A form of the login has no button to approve, and none for the person.');
  fields.append(...wanted);
  return { action: attribute(/<form\b[^>]*>/i.exec(form)[0], 'action') ?? '', fields };
}

/** Where a page leads by itself. */
function refreshTarget(html) {
  const tag = /<meta\b[^>]*http-equiv="refresh"[^>]*>/i.exec(html)?.[0];
  return tag && /url=(.*)$/i.exec(attribute(tag, 'content') ?? '')?.[1];
}

/** Opens `url`, approves, signs in as `person`, and follows to the callback. Answers the callback's URL. */
export async function logIn(url, { person, callback }) {
  const cookies = new Map();
  let next = { url, init: {} };
  for (let step = 0; step < MAX_STEPS; step++) {
    const done = next.url.startsWith(callback);
    const response = await fetch(next.url, {
      ...next.init,
      redirect: 'manual',
      headers: {
        ...next.init.headers,
        accept: 'text/html',
        ...(done || cookies.size === 0
          ? {}
          : { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
      },
    });
    const html = await response.text();
    if (done) return next.url;
    for (const line of response.headers.getSetCookie()) {
      const [name, ...value] = line.split(';', 1)[0].split('=');
      if (/;\s*max-age=0\b/i.test(line)) cookies.delete(name);
      else cookies.set(name, value.join('='));
    }
    const onward = response.headers.get('location') ?? refreshTarget(html);
    if (onward) {
      next = { url: new URL(onward, next.url).href, init: {} };
      continue;
    }
    const form = fillForm(html, person);
    if (!form)
      throw new Error(`The login stops at ${new URL(next.url).pathname} with ${response.status}: ${html}`);
    const target = new URL(form.action, next.url);
    next = {
      url: target.href,
      init: {
        method: 'POST',
        body: form.fields,
        headers: { origin: target.origin, 'sec-fetch-site': 'same-origin' },
      },
    };
  }
  throw new Error(`The login does not end: ${MAX_STEPS} steps and no callback.`);
}
