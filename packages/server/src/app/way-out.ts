import type { Fetch } from '@portcullis/auth/core/fetch';
import { guardedFetch } from '@portcullis/auth/net/guarded-fetch';
import type { Settings } from '../settings/names.ts';

/** How this server reaches others, through the proxy and with the certificates of the settings. */
export interface WayOut {
  /** To addresses that the operator chose. `timeoutSeconds`: of one exchange. */
  readonly operator: (timeoutSeconds: number) => Fetch;
  /** To addresses that anybody chose. */
  readonly stranger: () => Fetch;
}

export function wayOut({ outbound }: Pick<Settings, 'outbound'>): WayOut {
  const { proxy, direct, ca, publicRanges, clientPorts } = outbound;
  const common = { proxyUrl: proxy, directHosts: direct, ...(ca === undefined ? {} : { ca }) };
  return {
    // A little longer than the setting, so that it is the setting that ends a request.
    operator: (timeoutSeconds) =>
      guardedFetch({ ...common, trust: 'operator', timeoutMilliseconds: (timeoutSeconds + 1) * 1000 }),
    stranger: () => guardedFetch({ ...common, trust: 'stranger', publicRanges, strangerPorts: clientPorts }),
  };
}
