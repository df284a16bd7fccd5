import { z } from 'zod';
import { parseJson } from '../core/json-text.ts';
import { keysOf, type StaticClient } from '../issuer/clients/static-clients.ts';
import type { IntrospectionClient } from '../issuer/context/issuer-context.ts';
import { isKeysFault } from '../protocol/client-keys.ts';
import { checkRedirectUri } from '../protocol/redirect-uri.ts';
import { MASK } from './mask.ts';
import { isReference } from './reference.ts';
import type { Raw, Reading, ValueType } from './row.ts';
import { fault } from './value-types.ts';
import { parseFlow } from './yaml-text.ts';

const MAX_ENTRIES = 1000;

function wordsOf(text: string): readonly string[] {
  return text.split(/[,\s]+/).filter(Boolean);
}

/** A list, or text with commas or spaces between. */
export function wordList<T>(items: z.ZodType<T>) {
  return z.preprocess((value) => (typeof value === 'string' ? wordsOf(value) : value), items);
}

const printable = /^[\x21-\x7e]+$/;
const id = z.string().min(1).max(512).regex(printable, 'must be printable ASCII without spaces');
const secret = z
  .string()
  .min(16, 'must have at least 16 characters')
  .max(1024)
  .regex(printable, 'must be printable ASCII');
const redirectUri = z
  .string()
  .refine((text) => typeof checkRedirectUri(text) !== 'string', 'is no redirect URI that can be accepted');
const several = wordList(z.array(redirectUri).min(1).max(100));

const jwks = z.preprocess(
  (value) => (typeof value === 'string' ? parseJson(value) : value),
  z.record(z.string(), z.unknown()),
);

const staticClient = z
  .strictObject({
    id,
    secret: secret.optional(),
    jwks: jwks.optional(),
    jwksUri: z.string().optional(),
    redirectUris: several,
    name: z.string().min(1).max(64).optional(),
  })
  .superRefine((client, context) => {
    const keys = keysOf(client);
    if (!keys) return;
    const add = (member: string, message: string) =>
      context.addIssue({ code: 'custom', path: [member], message });
    if (isKeysFault(keys)) add(keys.member === 'jwks_uri' ? 'jwksUri' : 'jwks', keys.why);
    else if (client.secret !== undefined) add('secret', 'there are keys too, and a client has one way');
  });
const introspectionClient = z.strictObject({ id, secret });

/**
 * Data with a shape: a list or map in the file, or JSON as text. Messages name the member and never quote it. `lists`: is the member of
 * this name a list that may be written as text?
 */
export function shaped<T>(
  says: string,
  schema: z.ZodType<T>,
  {
    lists = () => false,
    ...rest
  }: Pick<ValueType<T>, 'show' | 'secretInside' | 'secretNames'> & {
    readonly lists?: (member: string) => boolean;
  },
): ValueType<T> {
  return {
    says,
    ...rest,
    parts(raw) {
      if (typeof raw === 'string' && isReference(raw)) return raw;
      const data = typeof raw === 'string' ? parseFlow(raw) : raw;
      return data === undefined || typeof data === 'string' ? raw : takenApart(data, lists);
    },
    read(raw): Reading<T> {
      const data = typeof raw === 'string' ? parseFlow(raw) : raw;
      if (data === undefined || typeof data === 'string')
        return fault('has another form', `Write a ${says}.`);
      const parsed = schema.safeParse(plain(data));
      if (parsed.success) return { value: parsed.data };
      const issue = parsed.error.issues[0];
      const at = issue && issue.path.length > 0 ? ` ${placeOf(issue.path, data, rest.secretNames)}` : '';
      return fault(`is wrong${at}: ${issue ? describe(issue) : 'another form'}`, `Write a ${says}.`);
    },
  };
}

/** Where in the value it is; an entry whose name is a secret is counted. */
function placeOf(path: readonly PropertyKey[], data: Raw, secretNames = false): string {
  const [first, ...below] = path.map(String);
  if (!secretNames) return `at ${[first, ...below].join('.')}`;
  const entry = `in entry ${Object.keys(data).indexOf(first!) + 1}`;
  return below.length === 0 ? entry : `${entry}, at ${below.join('.')}`;
}

function takenApart(raw: Raw, lists: (member: string) => boolean): Raw {
  if (Array.isArray(raw)) return raw.map((item) => takenApart(item, lists));
  if (typeof raw !== 'object') return raw;
  const entries = Object.entries(raw).map(([key, member]) => {
    const words = typeof member === 'string' && lists(key) ? wordsOf(member) : [];
    return [key, words.length > 1 ? words : takenApart(member, lists)];
  });
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Raw;
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown member ${issue.keys.slice(0, 3).join(', ')}`;
  return issue.code === 'invalid_type' && issue.input === undefined ? 'it is missing' : issue.message;
}

function plain(raw: Raw): unknown {
  if (Array.isArray(raw)) return raw.map(plain);
  if (typeof raw !== 'object') return raw;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, plain(value)]));
}

function unique<T extends { readonly id: string }>(items: z.ZodType<readonly T[]>): z.ZodType<readonly T[]> {
  return items.refine(
    (list) => new Set(list.map((item) => item.id)).size === list.length,
    'an id is there twice',
  );
}

export const staticClients: ValueType<readonly StaticClient[]> = shaped(
  'list of clients, each with `id`, `redirectUris` and where wanted `name` and one of `secret`, `jwks`, `jwksUri`',
  unique<StaticClient>(z.array(staticClient).max(MAX_ENTRIES)),
  {
    secretInside: true,
    lists: (member) => member === 'redirectUris',
    show: (clients) =>
      clients.map((client) => (client.secret === undefined ? client : { ...client, secret: MASK })),
  },
);

export const introspectionClients: ValueType<readonly IntrospectionClient[]> = shaped(
  'list of resource servers, each with `id` and `secret`',
  unique<IntrospectionClient>(z.array(introspectionClient).max(MAX_ENTRIES)),
  { secretInside: true, show: (clients) => clients.map((client) => ({ ...client, secret: MASK })) },
);

const parameterName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21-\x7e]+$/);

/** Names and values that are sent along, as they are. */
export const parameters: ValueType<Readonly<Record<string, string>>> = shaped(
  'map of names to values',
  z.record(parameterName, z.string().max(4096)),
  {
    secretInside: true,
    show: (values) => Object.fromEntries(Object.keys(values).map((name) => [name, MASK])),
  },
);

/** A scope, and the narrower ones it stands for as well. */
export const scopeHierarchy: ValueType<Readonly<Record<string, readonly string[]>>> = shaped(
  'map of a scope to the list of scopes it implies',
  z.record(z.string().min(1).max(128), wordList(z.array(z.string().min(1).max(128)).max(100))),
  { lists: () => true },
);
