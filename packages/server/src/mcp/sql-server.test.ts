import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Caller } from '@portcullis/auth/core/identity';
import { afterAll, describe, expect, it } from 'vitest';
import { pgliteDatabase } from '../sql/pglite-database.ts';
import { type SqlMcpServerOptions, sqlMcpServerFactory, type ToolFailure } from './sql-server.ts';

const database = pgliteDatabase();
afterAll(() => database.close());

const callerNamed = (username: string | undefined): Caller => ({
  identity: {
    issuer: 'urn:test',
    subject: `id-of-${username}`,
    name: 'A Person',
    email: 'a@example.test',
    emailVerified: true,
    username,
    groups: ['admin'],
  },
  clientId: 'client-1',
  scopes: ['mcp:read'],
  resource: 'https://mcp.example.test/mcp',
  expiresAt: 4_000_000_000,
});

/** A client whose requests reach the handler with the caller that a gate would have found. */
async function connect(options: SqlMcpServerOptions, caller: Caller | undefined) {
  const handler = createMcpHandler(sqlMcpServerFactory(options));
  const authInfo = { token: 'x', clientId: 'client-1', scopes: ['mcp:read'], extra: { caller } };
  const client = new Client({ name: 'test', version: '1' });
  const fetch = (url: string | URL, init?: RequestInit) =>
    handler.fetch(new Request(url, init), { authInfo });
  await client.connect(new StreamableHTTPClientTransport(new URL('https://mcp.example.test/mcp'), { fetch }));
  return client;
}

const ENDLESS = 'SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b';

describe('a caller who goes away', () => {
  it.each(['legacy', 'modern'] as const)('stops the statement (%s era)', async (era) => {
    const failures: ToolFailure[] = [];
    const handler = createMcpHandler(
      sqlMcpServerFactory({ database, report: (failure) => failures.push(failure) }),
    );
    const authInfo = { token: 'x', clientId: 'c', scopes: [], extra: { caller: callerNamed('alice') } };
    const abort = new AbortController();
    const version = era === 'modern' ? '2026-07-28' : '2025-06-18';
    const meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const request = new Request('https://mcp.example.test/mcp', {
      method: 'POST',
      signal: abort.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': version,
        'mcp-method': 'tools/call',
        'mcp-name': 'execute_query',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'execute_query',
          arguments: { query: ENDLESS },
          ...(era === 'modern' ? { _meta: meta } : {}),
        },
      }),
    });
    await database.ready();
    const answer = handler.fetch(request, { authInfo }).then(
      (response) => response.text(),
      () => 'gone',
    );
    setTimeout(() => abort.abort(), 300);
    await expect
      .poll(() => failures.map(({ error }) => (error as { kind?: string }).kind), { timeout: 5000 })
      .toEqual(['cancelled']);
    await answer;
  });
});

describe('the SQL server', () => {
  it('offers its tools, all of them reading', async () => {
    const client = await connect({ database }, callerNamed('alice'));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'whoami',
      'list_schemas',
      'list_tables',
      'describe_table',
      'list_functions',
      'execute_query',
    ]);
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
      expect(tool.description?.length).toBeGreaterThan(40);
    }
    expect(client.getInstructions()).toContain('list_schemas');
  });

  it('tells who asks, and as whom', async () => {
    const client = await connect({ database }, callerNamed('alice'));
    const { structuredContent } = await client.callTool({ name: 'whoami', arguments: {} });
    expect(structuredContent).toEqual({
      issuer: 'urn:test',
      subject: 'id-of-alice',
      name: 'A Person',
      email: 'a@example.test',
      groups: ['admin'],
      scopes: ['mcp:read'],
      client: 'client-1',
      databaseUser: 'alice',
      databaseProblem: null,
    });
  });

  it('runs a query as the person, and gives rows and text', async () => {
    const query = 'SELECT current_user::text AS "user", count(*) FROM sales.orders';
    const result = await (await connect({ database }, callerNamed('bob'))).callTool({
      name: 'execute_query',
      arguments: { query },
    });
    expect(result.structuredContent).toEqual({
      columns: [
        { name: 'user', type: 'text' },
        { name: 'count', type: 'bigint' },
      ],
      rows: [['bob', '707']],
      rowCount: 1,
      truncated: false,
    });
    expect(result.content).toEqual([{ type: 'text', text: JSON.stringify(result.structuredContent) }]);
  });

  it('finds its way through the catalog', async () => {
    const client = await connect({ database }, callerNamed('carol'));
    const call = async (name: string, args = {}) =>
      JSON.stringify((await client.callTool({ name, arguments: args })).structuredContent);
    expect(await call('list_schemas')).toContain('"name":"sales"');
    expect(await call('list_tables', { schema: 'hr' })).toContain('salaries');
    expect(await call('describe_table', { schema: 'hr', table: 'salaries' })).toContain('"rowSecurity":true');
    expect(await call('list_functions')).toContain('revenue_by_month');
  });

  it('answers a wrong statement with the words of the database', async () => {
    const failures: ToolFailure[] = [];
    const client = await connect(
      { database, report: (failure) => failures.push(failure) },
      callerNamed('alice'),
    );
    const result = await client.callTool({ name: 'execute_query', arguments: { query: 'SELECT no_such' } });
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'column "no_such" does not exist' }],
    });
    expect(failures).toMatchObject([{ tool: 'execute_query', caller: { clientId: 'client-1' } }]);
  });

  it('lets someone without a database user ask who they are, and nothing else', async () => {
    const client = await connect({ database }, callerNamed(undefined));
    const { structuredContent } = await client.callTool({ name: 'whoami', arguments: {} });
    expect(structuredContent).toMatchObject({
      databaseUser: null,
      databaseProblem: expect.stringContaining('no database user'),
    });
    const refused = await client.callTool({ name: 'execute_query', arguments: { query: 'SELECT 1' } });
    expect(refused.isError).toBe(true);
  });

  it('has whoami alone when there is no database', async () => {
    const client = await connect({}, callerNamed('alice'));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['whoami']);
    expect((await client.callTool({ name: 'whoami', arguments: {} })).structuredContent).toMatchObject({
      subject: 'id-of-alice',
      databaseUser: null,
    });
  });

  it('answers nobody when no gate is in front of it, and says nothing about why', async () => {
    const failures: ToolFailure[] = [];
    const client = await connect({ database, report: (failure) => failures.push(failure) }, undefined);
    const result = await client.callTool({ name: 'execute_query', arguments: { query: 'SELECT 1' } });
    expect(result).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'Something went wrong on this server. Try again later.' }],
    });
    expect(String(failures[0]?.error)).toContain('gate');
  });
});
