import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsedBody } from './parsed-body.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** What is read of a request whose body was read already, and became this. */
async function written(body: unknown, contentType?: string): Promise<string | undefined> {
  const request = new IncomingMessage(new Socket());
  if (contentType) request.headers['content-type'] = contentType;
  request.push('what came over the wire');
  request.push(null);
  for await (const _chunk of request);
  const source = parsedBody(Object.assign(request, { body }));
  const reader = source!.getReader();
  const { value } = await reader.read();
  expect((await reader.read()).done).toBe(true);
  return new TextDecoder().decode(value as Uint8Array);
}

describe('a body that was read before us', () => {
  it.each([
    [{ a: [1, { b: '…' }] }, JSON_TYPE, '{"a":[1,{"b":"…"}]}'],
    [{ grant_type: 'x', scope: 'a b&c=ü' }, FORM, 'grant_type=x&scope=a+b%26c%3D%C3%BC'],
    [{ a: ['1', '2'] }, `${FORM}; charset=utf-8`, 'a=1&a=2'],
    [{ a: { b: 'c' } }, FORM, 'a=%5Bobject+Object%5D'],
    ['a=1&a=2', FORM, 'a=1&a=2'],
    [Buffer.from('{"x":1}'), JSON_TYPE, '{"x":1}'],
    [undefined, FORM, ''],
    [null, JSON_TYPE, 'null'],
    [null, FORM, ''],
    [{ a: 1 }, undefined, '{"a":1}'],
  ])('%j of type %s is read again as %s', async (body, type, text) => {
    expect(await written(body, type)).toBe(text);
  });

  it('is the same form again, whatever the fields hold', async () => {
    const fields = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const again = new URLSearchParams(await written(given, FORM));
        expect(Object.fromEntries(again)).toEqual(
          Object.fromEntries(new URLSearchParams(Object.entries(given))),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is none when nobody has read it, whatever stands in its place', () => {
    const request = new IncomingMessage(new Socket());
    expect(parsedBody(Object.assign(request, { body: {} }))).toBeUndefined();
  });
});
