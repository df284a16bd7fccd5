// RFC 9110 §7.2, MCP Streamable HTTP (security warning): requests are for a name of ours, so that DNS rebinding finds nobody at home.
import { Refusal } from '../core/refusal.ts';
import { isLoopbackHost, parseUrl } from '../core/url.ts';
import type { HeaderReader } from '../core/web-request.ts';

export interface HostRules {
  /** The URL people type; its host always counts. */
  readonly publicUrl: string;
  /** Is the server bound to the loopback interface alone? Then every loopback name and port counts. */
  readonly loopbackBind: boolean;
  /** Further host names, with port where it is not the default one. Default none. */
  readonly allowedHosts: readonly string[];
  /** Further origins of web pages that may call. Default none. */
  readonly allowedOrigins: readonly string[];
}

export function checkHosts(rules: HostRules) {
  const own = new URL(rules.publicUrl);
  // RFC 9110 §4.2: the default port may be written out; some proxies do.
  const spelledOut = own.port === '' ? [`${own.hostname}:${own.protocol === 'https:' ? 443 : 80}`] : [];
  const hosts = new Set([own.host, ...spelledOut, ...rules.allowedHosts.map((host) => host.toLowerCase())]);
  const origins = new Set([own.origin, ...rules.allowedOrigins]);

  /** Another loopback name of the same server: the port decides, and the scheme, since a default port is not written out. */
  const sameDoor = (url: URL | undefined) => url?.port === own.port && url.protocol === own.protocol;

  const hostOk = (host: string) => {
    if (hosts.has(host)) return true;
    const lower = host.toLowerCase();
    if (hosts.has(lower)) return true;
    const parsed = rules.loopbackBind ? parseUrl(`http://${lower}`) : undefined;
    return (
      parsed !== undefined && parsed.host === lower.replace(/:80$/, '') && isLoopbackHost(parsed.hostname)
    );
  };
  const originOk = (origin: string) => {
    if (origins.has(origin)) return true;
    const parsed = rules.loopbackBind ? parseUrl(origin) : undefined;
    return parsed !== undefined && parsed.origin === origin && isLoopbackHost(parsed.hostname);
  };

  return {
    /** @throws Refusal `request.host` */
    host(host: string | null): void {
      if (host === null || !hostOk(host))
        throw new Refusal('request.host', { seen: host?.slice(0, 260) ?? null, expected: [...hosts] });
    },
    /** An absent Origin is a program's and fine. @throws Refusal `request.origin` */
    origin(origin: string | null): void {
      if (origin !== null && !originOk(origin))
        throw new Refusal('request.origin', { seen: origin.slice(0, 260) });
    },
    /** Forms come from our own pages only (port included). @throws Refusal `authorization.cross-site` */
    ownForm(headers: HeaderReader): void {
      const origin = headers.get('origin');
      const site = headers.get('sec-fetch-site');
      const sameOrigin =
        origin === null ||
        origin === own.origin ||
        (rules.loopbackBind && originOk(origin) && sameDoor(parseUrl(origin)));
      if (!sameOrigin || (site !== null && site !== 'same-origin')) {
        throw new Refusal('authorization.cross-site', {
          origin: origin?.slice(0, 260) ?? null,
          site: site?.slice(0, 40) ?? null,
        });
      }
    },
  };
}

export type HostCheck = ReturnType<typeof checkHosts>;
