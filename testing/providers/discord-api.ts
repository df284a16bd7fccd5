// The API of Discord that a login needs. Pages and dates of reading as in `discord.ts`.
import type { Answer, Asked, Route } from '../http-server.ts';
import type { Here, Person, Token } from '../rules.ts';

export interface DiscordGuild {
  readonly id: string;
  readonly name: string;
  readonly owner: boolean;
}

export interface DiscordPerson extends Person {
  readonly username: string;
  readonly global_name: string | null;
  readonly email: string | null;
  readonly verified: boolean;
  readonly guilds: readonly DiscordGuild[];
}

export const DISCORD_PEOPLE: readonly DiscordPerson[] = [
  {
    login: 'alice',
    sub: '80351110224678912',
    username: 'alice',
    global_name: 'Alice Adams',
    email: 'alice@acme.example',
    verified: true,
    guilds: [
      { id: '197038439483310086', name: 'Acme', owner: true },
      { id: '197038439483310087', name: 'Open models', owner: false },
    ],
  },
  // «User resource», user structure: without a display name; and the e-mail was not verified.
  {
    login: 'bob',
    sub: '80351110224678913',
    username: 'bob',
    global_name: null,
    email: 'bob@mail.example',
    verified: false,
    guilds: [],
  },
  // «User resource»: `email` can be null.
  {
    login: 'carol',
    sub: '80351110224678914',
    username: 'carol',
    global_name: 'Carol',
    email: null,
    verified: false,
    guilds: [{ id: '197038439483310086', name: 'Acme', owner: false }],
  },
];

/** The answer of the API to a mistake; «Opcodes and status codes», unread for code 50026. */
const refused = (status: number, message: string, code: number): Answer => ({
  status,
  body: { message, code },
});
const MISSING_SCOPE = refused(403, 'Missing required OAuth2 scope', 50026);
/** As it is seen in public, 2026-11-20. */
export const UNAUTHORIZED = refused(401, '401: Unauthorized', 0);

/** «User resource», user structure, with the scope that each member needs. */
function user({ grant: { person }, scopes }: Token<DiscordPerson>): Readonly<Record<string, unknown>> {
  return {
    id: person.sub,
    username: person.username,
    discriminator: '0',
    global_name: person.global_name,
    avatar: null,
    flags: 0,
    locale: 'en-GB',
    ...(scopes.includes('email') ? { email: person.email, verified: person.verified } : {}),
  };
}

export function discordRoutes(here: Here<DiscordPerson>, applicationId: string): readonly Route[] {
  const route = (path: string, scope: string | undefined, body: (token: Token<DiscordPerson>) => unknown) => {
    const handle = (asked: Asked): Answer => {
      const token = here.bearer(asked);
      return scope === undefined || token.scopes.includes(scope) ? { body: body(token) } : MISSING_SCOPE;
    };
    // «API reference», unread: a version can be named; without it, the default one answers.
    return [`/api${path}`, `/api/v10${path}`].map((place) => ({ method: 'GET', path: place, handle }));
  };
  return [
    ...route('/users/@me', 'identify', user),
    // «User resource», get current user guilds: partial guilds, 200 at most.
    ...route('/users/@me/guilds', 'guilds', ({ grant }) =>
      grant.person.guilds.map((guild) => ({ ...guild, icon: null, permissions: '0', features: [] })),
    ),
    // «OAuth2», get current authorization information: the person only with `identify`.
    ...route('/oauth2/@me', undefined, (token) => ({
      application: { id: applicationId, name: 'MCP', description: '', bot_public: true },
      scopes: token.scopes,
      expires: new Date(token.expiresAtSeconds * 1000).toISOString().replace('Z', '000+00:00'),
      ...(token.scopes.includes('identify') ? { user: user(token) } : {}),
    })),
  ];
}
