import { describe, expect, it } from 'vitest';
import { openHouse, PUBLIC_URL } from '../auth.contract.ts';

const read = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('the resource about itself', () => {
  it('[RS-2][RS-3][RS-4][RS-5][PX-10] says its own URL, our issuer and the first scopes, nothing of offline_access', async () => {
    const { first } = await openHouse({
      resources: [{ path: '/mcp', name: 'Sales', documentation: 'https://docs.example' }],
    });
    for (const path of [
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource',
      '/mcp/.well-known/oauth-protected-resource',
    ]) {
      const response = await first.call(path);
      expect([
        response.status,
        response.headers.get('content-type'),
        response.headers.get('access-control-allow-origin'),
      ]).toEqual([200, 'application/json', '*']);
      expect(await read(response)).toEqual({
        resource: `${PUBLIC_URL}/mcp`,
        authorization_servers: [PUBLIC_URL],
        scopes_supported: ['mcp:read'],
        bearer_methods_supported: ['header'],
        resource_name: 'Sales',
        resource_documentation: 'https://docs.example',
      });
    }
  });

  it('[RS-3] is at the bare name only when there is one resource', async () => {
    const { first } = await openHouse({ resources: [{ path: '/a' }, { path: '/b' }] });
    expect((await first.call('/.well-known/oauth-protected-resource')).status).toBe(404);
    for (const path of ['/a', '/b'])
      expect((await read(await first.call(`/.well-known/oauth-protected-resource${path}`))).resource).toBe(
        PUBLIC_URL + path,
      );
  });

  it('[C3] is found with and without the mount path', async () => {
    const { first } = await openHouse({ publicUrl: `${PUBLIC_URL}/team` });
    const paths = [
      '/.well-known/oauth-protected-resource/team/mcp',
      '/.well-known/oauth-protected-resource/mcp',
      '/team/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource',
    ];
    for (const path of paths)
      expect((await read(await first.call(PUBLIC_URL + path))).resource).toBe(`${PUBLIC_URL}/team/mcp`);
  });

  it('answers what is not there by 404, also to a preflight that comes before', async () => {
    const { first } = await openHouse();
    const missing = '/.well-known/oauth-protected-resource/nothing';
    const response = await first.call(missing);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([404, '*']);
    expect((await first.call(missing, { method: 'OPTIONS' })).status).toBe(204);
  });
});
