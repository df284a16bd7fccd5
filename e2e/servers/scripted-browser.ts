/** Cookies by name and path, enough for one host. */
type Jar = Map<string, { readonly name: string; readonly value: string; readonly path: string }>;

const MAX_STEPS = 20;

/**
 * Walks from an authorization URL of the test provider to the callback, as a browser would: follows redirects, keeps cookies, and fills in
 * the one form. Returns the callback URL without requesting it.
 */
export async function signInAtProvider(start: string, login: string, callbackUrl: string): Promise<URL> {
  const jar: Jar = new Map();
  let url = start;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (url.startsWith(callbackUrl)) return new URL(url);
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: cookieHeader(jar, new URL(url).pathname) },
      ...(form ? { body: form } : {}),
    });
    keepCookies(jar, response);
    const text = await response.text();
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      form = undefined;
    } else if (response.status === 200 && text.includes('name="login"') && !form) {
      form = new URLSearchParams({ login });
    } else {
      throw new Error(`The provider answered ${response.status} at ${url}: ${text.slice(0, 2000)}`);
    }
  }
  throw new Error(`No callback after ${MAX_STEPS} steps; last at ${url}`);
}

function cookieHeader(jar: Jar, path: string): string {
  return [...jar.values()]
    .filter((cookie) => path.startsWith(cookie.path))
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
}

function keepCookies(jar: Jar, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(name.length + 1);
    const path = attributes.find((a) => /^path=/i.test(a))?.slice(5) ?? '/';
    const key = `${name};${path}`;
    if (value === '' || attributes.some((a) => /^expires=.*1970/i.test(a))) jar.delete(key);
    else jar.set(key, { name, value, path });
  }
}
