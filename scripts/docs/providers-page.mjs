// docs/reference/providers.md, from the presets and the generic ways, and from the titles of the tests that show what is particular to each.
import { GENERIC_WAYS } from '../../packages/auth/dist/config/generic-ways.js';
import { AUTH_SETTINGS } from '../../packages/auth/dist/config/names.js';
import { environmentName } from '../../packages/auth/dist/config/row.js';
import { PRESETS } from '../../packages/auth/dist/providers/presets.js';
import { code, page, table } from './markdown.mjs';
import { testFiles, testTitles } from './test-titles.mjs';

const INTRODUCTION = `Every value of \`upstream.preset\`: the identity providers that are known by name, and at the end the four that are known by what they are. How to set one up, step by step, is in [the page of each](../providers/README.md).

In mode \`proxy\` people sign in through this server, which gives clients tokens of its own. In mode \`remote\` clients get their tokens from the provider, and this server checks them. The first mode is the default.`;

const OURS = 'packages/auth/src/providers';
const THEIRS = 'testing/providers';
const FROM_PROVIDER = `${OURS}/remote-tokens.test.ts`;

/** What shows how the generic ones behave. */
const GENERIC_TESTS = {
  oidc: ['sign-in/upstream-provider', 'sign-in/bad-id-tokens', 'sign-in/token-requests'],
  oauth2: ['sign-in/bad-id-tokens'],
  jwt: ['verify/jwt', 'verify/jwt-claims', 'verify/jwt-form', 'verify/jwt-keys'],
  introspection: ['verify/introspection', 'verify/introspection-oidc-provider'],
};

const FACTS = ['identity', 'email', 'emailVerified', 'name', 'groups'];

/** @param {string} root the folder of the repository */
export function providersPage(root) {
  const entries = [
    ...PRESETS.map((preset) => known(preset, quirksOf(root, preset))),
    ...Object.entries(GENERIC_WAYS).map(([id, way]) => generic(id, way, genericQuirksOf(root, id))),
  ];
  return page('Identity providers', INTRODUCTION, [
    table(
      [
        'Provider',
        'Modes',
        'Options',
        'Verified how',
        'Identity',
        'E-mail',
        'E-mail verified by',
        'Name',
        'Groups',
        'Quirks tested',
      ],
      entries.map(({ id, title, cells, yields, quirks }) => [
        `[${title}](../providers/${id}.md)`,
        ...cells,
        ...FACTS.map((fact) => yields[fact]),
        `[${quirks.reduce((sum, { tests }) => sum + tests.length, 0)}](#${anchor(title)})`,
      ]),
    ),
    ...entries.flatMap(({ title, text, quirks }) => [`## ${title}`, ...text, ...quirks.map(shown)]),
  ]);
}

/** A provider that has a preset. */
function known(preset, quirks) {
  const { id, title, modes, yields } = preset;
  const cells = [modes.map(code).join(', '), optionsOf(preset), verifiedHow(preset)];
  return { id, title, yields, quirks, cells, text: section(preset) };
}

/** One that is described by its protocol. */
function generic(id, { title, modes, settings, verifiedHow: how, yields }, quirks) {
  const options = settings.map(({ name, need }) => `${code(name)} (${need})`).join(', ');
  const rows = settings.map(({ name, need, from }) => [
    code(name),
    code(environmentName(name)),
    need,
    from,
    code(AUTH_SETTINGS[name].example),
  ]);
  const text = [
    `The value of \`upstream.preset\` is ${code(id)}. Every other setting beside these goes along.`,
    table(['Setting', 'Variable', '', 'Where its value is found', 'Example'], rows),
  ];
  return { id, title, yields, quirks, cells: [modes, options, how], text };
}

function shown({ path, about, tests }) {
  return `${about} ([${path}](../../${path})):\n\n${tests.map((test) => `- ${test}`).join('\n')}`;
}

function section(preset) {
  const rows = Object.entries(preset.options).map(([name, option]) => [
    code(`upstream.${name}`),
    code(environmentName(`upstream.${name}`)),
    needOf(option),
    option.console,
    code(option.example),
  ]);
  return [
    `The value of \`upstream.preset\` is ${code(preset.id)}. Client id and secret: ${registrationOf(preset)}. Its documentation: <${preset.documentation}>.`,
    ...(rows.length > 0
      ? [table(['Option', 'Variable', '', 'Where the console shows it', 'Example'], rows)]
      : ['It has no options of its own.']),
  ];
}

function registrationOf({ clientSecret, modes, remoteNeeds = [] }) {
  const parts = modes.map((mode) => {
    if (mode === 'proxy')
      return clientSecret === 'optional' ? 'the id, and the secret unless the client is public' : 'both';
    return remoteNeeds.length === 2 ? 'both' : remoteNeeds.includes('clientId') ? 'the id' : 'neither';
  });
  return modes.map((mode, at) => (modes.length > 1 ? `${code(mode)}: ${parts[at]}` : parts[at])).join('; ');
}

function optionsOf({ options }) {
  const names = Object.entries(options).map(([name, option]) => `${code(name)} (${needOf(option)})`);
  return names.join(', ') || 'none';
}

function needOf({ required }) {
  if (typeof required === 'string') return `needed in mode ${code(required)}`;
  return required ? 'needed' : 'optional';
}

/** The preset is asked itself, with the names of its options in the place of values. */
function verifiedHow(preset) {
  const needed = Object.entries(preset.options).filter(([, { list, required }]) => required && !list);
  const input = {
    clientId: '<client id>',
    clientSecret: '<secret>',
    resource: '<publicUrl>/mcp',
    requiredScopes: [],
    options: Object.fromEntries(needed.map(([name]) => [name, `<${name}>`])),
    lists: {},
  };
  return preset.modes
    .map(
      (mode) =>
        `${code(mode)}: ${mode === 'proxy' ? proxied(preset.proxy(input)) : checked(preset.remote(input), preset.options)}`,
    )
    .join('; ');
}

function proxied({ scopes = ['openid'], userinfo = true, discovery = true, endpoints = {} }) {
  if (!scopes.includes('openid'))
    return `by asking ${code(endpoints.userinfo)} at sign-in, and our own tokens`;
  const asks = userinfo && (discovery !== false || endpoints.userinfo !== undefined);
  return `by its ID token${asks ? ' and userinfo' : ''} at sign-in, and our own tokens`;
}

function checked({ verifier }, options) {
  if (verifier.kind === 'introspection') return 'by asking its introspection endpoint, for this resource';
  const { audience, algorithms, claims = {} } = verifier;
  const wanted = Object.entries(claims).map(([name, value]) => code(`${name}: ${value}`));
  return [
    `JWT with its keys${algorithms ? ` (${algorithms.join(', ')})` : ''}`,
    audience === 'none' ? [] : `for ${audienceOf(audience, options)}`,
    wanted.length > 0 ? `with ${wanted.join(' and ')}` : [],
  ]
    .flat()
    .join(', ');
}

function audienceOf(audience, options) {
  if (audience === undefined) return options.audience ? 'this resource, or `audience`' : 'this resource';
  return [audience].flat().map(code).join(' or ');
}

/** What tests show: of the preset, of tokens that clients get themselves, and of the provider as it documents itself. */
function quirksOf(root, { id, title }) {
  const own = testFiles(root, OURS, new RegExp(`^${id}\\.test\\.ts$`));
  if (own.length === 0)
    throw new Error(`${OURS}/${id}.test.ts is missing: nothing shows what is particular to ${title}.`);
  const stand = testFiles(root, THEIRS, new RegExp(`^${id}(?:-\\w+)?\\.test\\.ts$`));
  const ofTitle = ({ title: test }) => {
    const name = /^of ([^:]+):/.exec(test)?.[1];
    return name !== undefined && ` ${title}`.endsWith(` ${name}`);
  };
  return [
    ...own.map((path) => listed(root, path, 'How it is used')),
    listed(root, FROM_PROVIDER, 'Its tokens in mode `remote`', ofTitle),
    ...stand.map((path) => listed(root, path, 'What it does itself, as its documentation has it')),
  ].filter(({ tests }) => tests.length > 0);
}

/** Of plain OAuth 2 only the tests that say so stand in a file with others. */
function genericQuirksOf(root, id) {
  const files = GENERIC_TESTS[id].map((name) => `packages/auth/src/${name}.test.ts`);
  const isPlain = ({ groups }) => groups.includes('a plain OAuth 2 provider');
  return files
    .map((path) => {
      const isShared = path.endsWith('/bad-id-tokens.test.ts');
      return listed(root, path, 'How it is used', (test) => !isShared || isPlain(test) === (id === 'oauth2'));
    })
    .filter(({ tests }) => tests.length > 0);
}

function listed(root, path, about, filter = () => true) {
  const found = testTitles(root, path).filter(filter);
  // One group around everything is the name of the provider, and said already.
  const outer = new Set(found.map(({ groups }) => groups[0])).size === 1 ? 1 : 0;
  const tests = found.map(({ groups, title }) => [...groups.slice(outer), title].map(plain).join(': '));
  return { path, about, tests: [...new Set(tests)] };
}

/** A title as prose, without the promises that it cites: the places of values are marks, and pointed brackets are no tags. */
function plain(title) {
  return title
    .replaceAll(/\[[A-Z]+-?\d+\] ?/g, '')
    .replaceAll(/%[sjdio]|\$\w+/g, '…')
    .replaceAll('<', '&lt;')
    .replaceAll('`', '');
}

/** As GitHub makes it from a heading. */
function anchor(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
