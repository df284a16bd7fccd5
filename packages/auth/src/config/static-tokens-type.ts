import { z } from 'zod';
import type { StaticToken } from '../verify/static-tokens.ts';
import { MASK } from './mask.ts';
import { shaped, wordList } from './object-types.ts';
import type { ValueType } from './row.ts';

const word = z.string().min(1).max(320);
const words = wordList(z.array(word).max(100));

const staticToken = z.strictObject({
  clientId: word,
  subject: word,
  scopes: words.optional(),
  name: word.optional(),
  email: word.optional(),
  emailVerified: z
    .literal('true')
    .transform(() => true as const)
    .optional(),
  groups: words.optional(),
  username: z.string().min(1).max(63).optional(),
  expiresAt: z
    .string()
    .regex(/^\d{1,12}$/, 'must be seconds since 1970')
    .transform(Number)
    .optional(),
});

/** Token → whom it stands for. */
export const staticTokens: ValueType<Readonly<Record<string, StaticToken>>> = shaped(
  'map of a token to `clientId`, `subject` and where wanted `scopes`, `name`, `email`, `emailVerified`, `groups`, `username`, `expiresAt`',
  z.record(z.string().min(1).max(1024), staticToken) as z.ZodType<Readonly<Record<string, StaticToken>>>,
  {
    secretInside: true,
    secretNames: true,
    lists: (member) => member === 'scopes' || member === 'groups',
    show: (tokens) => Object.values(tokens).map((person) => ({ token: MASK, ...person })),
  },
);
