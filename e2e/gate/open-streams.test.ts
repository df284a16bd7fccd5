import { expect, it } from 'vitest';
import { plainClient } from '../clients/plain-client.ts';
import { mcpMessage } from '../clients/plain-mcp.ts';
import { startPortcullis } from '../servers/portcullis.ts';

it('[G6, RS-12] a stream that is open ends when its session is revoked, and others stay open', async () => {
  const server = await startPortcullis();
  const client = plainClient(server.url);
  const open = async () => {
    const login = await client.logIn();
    const message = mcpMessage('modern', 'subscriptions/listen', {
      notifications: { toolsListChanged: true },
    });
    const headers = { ...message.headers, authorization: `Bearer ${login.tokens.access_token}` };
    const response = await fetch(server.mcpUrl, { method: 'POST', headers, body: message.body });
    const reader = response.body!.getReader();
    expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
      status: 200,
      type: expect.stringContaining('text/event-stream'),
    });
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value)).toContain('acknowledged');
    return { login, reader };
  };
  const [revoked, other] = [await open(), await open()];
  const { login } = revoked;
  let otherEnded = false;
  const watchOther = other.reader.read().then(
    () => {
      otherEnded = true;
    },
    () => undefined,
  );
  await client.post('/revoke', { token: login.tokens.refresh_token, client_id: login.client.id });
  const started = performance.now();
  for (;;) {
    const { done } = await revoked.reader.read().catch(() => ({ done: true }));
    if (done) break;
  }
  expect(performance.now() - started).toBeLessThan(8000);
  expect(otherEnded).toBe(false);
  await other.reader.cancel();
  await watchOther;
  // A stream that is open does not hold up the end of the program.
  const [last, since] = [await open(), performance.now()];
  expect((await server.stop()).code).toBe(0);
  expect(performance.now() - since).toBeLessThan(5000);
  await last.reader.cancel().catch(() => undefined);
});
