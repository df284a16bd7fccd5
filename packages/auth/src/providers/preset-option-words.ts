/** What an option of a provider means, whichever provider has it, and what goes wrong when it is wrong. */
export interface PresetOptionWords {
  readonly description: string;
  readonly wrong: string;
  /** Is it a list, as every preset that has it must say too? Default: no. */
  readonly list?: true;
}

/** By option; what is not here is no option. Where the console of each provider shows it, its preset says. */
export const PRESET_OPTION_WORDS = {
  allowedTenants: {
    list: true,
    description:
      'The tenants whose people may sign in, or whose tokens get in, where `upstream.tenant` stands for many.',
    wrong:
      'With a tenant too many, strangers sign in: whoever administers a tenant makes people in it. Without any, the start stops.',
  },
  audience: {
    description:
      'Whom the tokens of the provider are for. In mode `remote`, and with `upstream.acceptTokens`, they must name it; without it they must name this resource (with Supabase: its project, which is more than this server). With Auth0 and with `oidc` it is also sent to the provider at sign-in, and with `oidc` it is needed for `upstream.acceptTokens`.',
    wrong:
      'Every token of the provider is answered with 401, or the provider refuses the sign-in. With one that other services share, tokens for them get in here.',
  },
  authRoute: {
    description: 'The path below the project at which it signs people in; its issuer and its keys are there.',
    wrong: 'The start stops, or clients find no metadata and every token is answered with 401.',
  },
  authorizationServer: {
    description:
      'Which authorization server of the organisation it is. It follows from it who the issuer is and which scopes and claims there are.',
    wrong:
      'The start stops when there is none of that name. Changed later, everybody is somebody else: people are known by issuer.',
  },
  authority: {
    description: 'The host of the provider, where it is not the usual one.',
    wrong:
      'People do not find their account, or sign-in and tokens are answered with 503. Whoever answers there decides who people are.',
  },
  domain: {
    description:
      'The host, or the address, that your account has at the provider: its endpoints follow from it.',
    wrong:
      'The start stops when nothing answers there, or every sign-in ends with an error page. With the domain of somebody else, their people sign in. Changed later, people are somebody else where the issuer is another one.',
  },
  environmentUrl: {
    description: 'The address of your environment at the provider: its issuer follows from it.',
    wrong:
      'The start stops, or every token is answered with 401 or with 503. With a test environment, its people get in. Changed later, everybody is somebody else.',
  },
  hostedDomains: {
    list: true,
    description:
      'Only people of these organisations may sign in: the provider says in `hd` to which an account belongs.',
    wrong:
      'Without it, everybody with an account at the provider signs in. With a domain too many, strangers do; with one too few, your people are refused.',
  },
  identifierUri: {
    description:
      'The name of your API at the provider. Scopes of the API are asked for with it in front, and tokens may be for it.',
    wrong:
      'The provider refuses the sign-in, since it does not know the scopes; or tokens are answered with 401.',
  },
  organizations: {
    list: true,
    description: 'Only members of one of these organisations may sign in.',
    wrong:
      'Without it, everybody with an account at the provider signs in. With a name that somebody else owns, strangers do; with a misspelt one, nobody can.',
  },
  policy: {
    description: 'The user flow, or the custom policy, that people sign in with.',
    wrong:
      'The provider shows an error page in place of its sign-in. With a policy that lets people register themselves, strangers sign in.',
  },
  projectId: {
    description:
      'Your project at the provider: its issuer, its keys and the audience of its tokens follow from it.',
    wrong:
      'The start stops, or every token is answered with 401 or with 503. With another project of yours, its people get in. Changed later, everybody is somebody else.',
  },
  projectUrl: {
    description: 'The address of your project at the provider: its issuer and its keys are below it.',
    wrong:
      'The start stops, or every token is answered with 401 or with 503. With another project of yours, its people get in. Changed later, everybody is somebody else.',
  },
  realmUrl: {
    description: 'The issuer of your realm, to the letter.',
    wrong:
      'The start stops when the realm calls itself otherwise. With another realm, its people sign in. Changed later, everybody is somebody else.',
  },
  region: {
    description: 'The region that the user pool is in, for those who want it checked.',
    wrong: 'The start stops when the pool is in another region.',
  },
  resourceId: {
    description:
      'This server, as it is registered at the provider: whom its tokens are for, and who makes them.',
    wrong:
      'Every token is answered with 401. With the id of another server of yours, tokens for that one get in here.',
  },
  tenant: {
    description:
      'The tenant whose people sign in, or a word for many: `organizations`, `consumers` or `common`, with `upstream.allowedTenants`.',
    wrong:
      'People of your organisation are refused, or those of another one sign in. Changed later, everybody is somebody else.',
  },
  userPoolId: {
    description: 'The user pool whose people sign in: its issuer follows from it.',
    wrong:
      'The start stops when there is no such pool. With another pool, its people sign in. Changed later, everybody is somebody else.',
  },
} as const satisfies Readonly<Record<string, PresetOptionWords>>;
