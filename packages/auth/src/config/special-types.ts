import { parseUrl } from '../core/url.ts';
import type { ConsentMode } from '../issuer/context/consent-mode.ts';
import { parseRedirectPattern } from '../protocol/redirect-pattern.ts';
import { METADATA_PATH } from '../providers/preset-input.ts';
import type { DevelopmentPerson } from '../sign-in/development-people.ts';
import type { UsernameRule } from '../sign-in/username.ts';
import type { Raw, Reading, ValueType } from './row.ts';
import { baseUrl, fault, listOf, onOff, text, webUrl } from './value-types.ts';

/** Where state lives. */
export type StatePlace = { readonly kind: 'memory' } | { readonly kind: 'folder'; readonly path: string };

export const statePlace: ValueType<StatePlace> = {
  says: '`memory`, or the path of a folder',
  read(raw, { files, folder }) {
    if (raw === 'memory') return { value: { kind: 'memory' } };
    if (typeof raw === 'string' && /^[a-z][a-z0-9+.-]+:/i.test(raw))
      return fault(
        'is neither `memory` nor a folder',
        'Write `memory` or a path; other stores are not built in.',
      );
    const path = text({ says: 'a path', max: 4096 }).read(raw, { files, folder });
    return 'fault' in path ? path : { value: { kind: 'folder', path: files.resolve(folder, path.value) } };
  },
  show: (value) => (value.kind === 'memory' ? 'memory' : value.path),
};

const CONSENT: Readonly<Record<string, ConsentMode>> = {
  always: 'always',
  on: 'always',
  true: 'always',
  remember: 'remember',
  external: 'external',
  off: 'off',
  false: 'off',
};

/** When a person is asked. */
export const consentMode: ValueType<ConsentMode> = {
  says: '`always`, `remember`, `external` or `off`',
  read(raw) {
    const value = typeof raw === 'string' && Object.hasOwn(CONSENT, raw) ? CONSENT[raw] : undefined;
    return value === undefined
      ? fault('is not one of the values', 'Write always, remember, external or off.')
      : { value };
  },
};

/** A path, made absolute. */
export const filePath: ValueType<string> = {
  says: 'path of a file',
  read(raw, context) {
    const path = text({ says: 'a path', max: 4096 }).read(raw, context);
    return 'fault' in path ? path : { value: context.files.resolve(context.folder, path.value) };
  },
};

/** Whether client-id metadata documents are accepted, and whether they are fetched or come from a file. */
export type MetadataDocuments =
  | { readonly kind: 'on' }
  | { readonly kind: 'off' }
  | {
      readonly kind: 'documents';
      readonly file?: string;
      readonly documents: Readonly<Record<string, unknown>>;
    };

export const metadataDocuments: ValueType<MetadataDocuments> = {
  says: '`on`, `off`, or the path of a JSON file (an object from URL to document)',
  read(raw, { files, folder }): Reading<MetadataDocuments> {
    if (raw === 'on' || raw === 'true' || raw === 'yes') return { value: { kind: 'on' } };
    if (raw === 'off' || raw === 'false' || raw === 'no') return { value: { kind: 'off' } };
    if (typeof raw !== 'string') return fault('is neither on, off nor a file', 'Name a JSON file.');
    if (raw.trimStart().startsWith('{')) return documentsOf(raw, undefined);
    const file = files.resolve(folder, raw);
    let json: string;
    try {
      json = files.read(folder, raw);
    } catch {
      return fault(
        `is neither on nor off, and ${file} can not be read`,
        'Write on, off, or the path of a JSON file.',
      );
    }
    return documentsOf(json, file);
  },
  show: (value) => (value.kind === 'documents' ? (value.file ?? Object.keys(value.documents)) : value.kind),
};

function documentsOf(json: string, file: string | undefined): Reading<MetadataDocuments> {
  const remedy = 'Write a JSON object from https URL to document.';
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return fault('leads to text that is not JSON', remedy);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return fault('leads to JSON that is not an object', remedy);
  if (file === undefined && /"\s*(?:env|file):/.test(json))
    return fault(
      'has a reference in documents that are written as text',
      'Put the documents into a file, and name it.',
    );
  const bad = Object.entries(data).find(
    ([url, document]) =>
      parseUrl(url)?.protocol !== 'https:' || typeof document !== 'object' || document === null,
  );
  if (bad) return fault('has an entry whose key is no https URL or whose value is no object', remedy);
  return {
    value: { kind: 'documents', ...(file ? { file } : {}), documents: data as Record<string, unknown> },
  };
}

/** Who can be chosen where no sign-in is set up. */
export const DEFAULT_PEOPLE: readonly DevelopmentPerson[] = [
  { username: 'alice', name: 'Alice' },
  { username: 'bob', name: 'Bob' },
  { username: 'carol', name: 'Carol', groups: ['admin'] },
];

const person: ValueType<DevelopmentPerson> = {
  says: 'name, with groups in brackets: `carol[admin]`',
  read(raw) {
    const match =
      typeof raw === 'string' ? /^([^\s[\],]{1,63})(?:\s*\[([^[\]]{0,500})\])?$/.exec(raw.trim()) : null;
    if (!match) return fault('is not a name', 'Write names such as alice or carol[admin].');
    const groups = (match[2] ?? '').split(/[\s|+]+/).filter(Boolean);
    return { value: { username: match[1]!, ...(groups.length > 0 ? { groups } : {}) } };
  },
};

const people = listOf(person, { says: 'list of names, groups in brackets', max: 100 });

export const developmentPeople: ValueType<readonly DevelopmentPerson[]> = {
  says: '`on`, `off`, or a list of names, groups in brackets: `alice,carol[admin]`',
  read(raw: Raw, context) {
    if (raw === 'on' || raw === 'true' || raw === 'yes') return { value: DEFAULT_PEOPLE };
    if (raw === 'off' || raw === 'false' || raw === 'no') return { value: [] };
    const reading = people.read(raw, context);
    if ('fault' in reading) return reading;
    if (reading.value.length === 0) return fault('names nobody', 'Name somebody, or write `off`.');
    const names = reading.value.map((one) => one.username);
    return new Set(names).size === names.length
      ? reading
      : fault('names somebody twice', 'Give each person one name.');
  },
  parts: (raw) => people.parts?.(raw) ?? raw,
  show: (value) =>
    value.length === 0
      ? 'off'
      : value.map((one) => (one.groups?.length ? `${one.username}[${one.groups.join(' ')}]` : one.username)),
};

/** One rule that finds a name in the database. */
export const usernameRule: ValueType<UsernameRule> = {
  says: '`preferred_username`, `email-prefix` or `claim:NAME`',
  read(raw) {
    const good =
      typeof raw === 'string' && /^(?:preferred_username|email-prefix|claim:[\x21-\x7e]{1,128})$/.test(raw);
    return good
      ? { value: raw as UsernameRule }
      : fault('is not a rule', 'Write preferred_username, email-prefix or claim:NAME.');
  },
};

/** RFC 6749 §3.3: the characters of a scope. */
export const scopeList = listOf(
  text({ says: 'a scope without spaces', max: 128, pattern: /^[\x21\x23-\x5b\x5d-\x7e]+$/ }),
  { says: 'list of scopes, spaces or commas between', separator: /[\s,]+/, max: 100 },
);

/** 64 hexadecimal digits, base64, or a passphrase; its strength is judged where keys are made from it. */
export const masterSecret = text({
  says: '32 random bytes in hex or base64, or a long passphrase',
  min: 16,
  max: 4096,
});

const PATTERN_FAULTS = {
  syntax: 'it is no URL',
  scheme: 'it has no scheme',
  host: 'its host can not be a pattern',
  port: 'its port is neither a number nor a star',
  path: 'its path can not be a pattern',
} as const;

/** A pattern for redirect URIs, as `protocol/redirect-pattern.ts` understands it. */
export const redirectPattern: ValueType<string> = {
  says: 'pattern such as `https://*.example.com/callback` or `http://localhost:*`',
  read(raw) {
    if (typeof raw !== 'string') return fault('is not a pattern', 'Write a URL with stars.');
    const parsed = parseRedirectPattern(raw);
    return typeof parsed === 'string'
      ? fault(
          `is not a pattern: ${PATTERN_FAULTS[parsed]}`,
          'Write https://*.example.com/callback, http://localhost:* or cursor://*.',
        )
      : { value: raw };
  },
};

/** The whole id of a client. A star stands for nothing here, and a rule that never applies would be open: so it is refused. */
export const clientId = text({
  says: 'whole client id, without stars',
  max: 2048,
  pattern: /^[\x21-\x29\x2b-\x7e]+$/,
});

/** A host that requests may be for, with its port where that is not the usual one. */
export const hostWithPort = text({
  says: 'host name, with `:port` where the port is not the usual one',
  max: 260,
  pattern: /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/,
});

/** RFC 6454 §6.1: scheme, host and port, and nothing behind them. */
export const webOrigin = text({
  says: 'origin such as `https://app.example.com`',
  max: 300,
  pattern: /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/,
});

/** A domain of e-mail addresses; what it may look like, the resolver of names says. */
export const mailDomain = text({ says: 'domain such as `example.com`', max: 253 });

/** OpenID Connect RP-Initiated Logout §2: the parameter that leads back, or none. */
export const logoutReturn: ValueType<string | false> = {
  says: 'name of a parameter, or `off`',
  read(raw, context) {
    if (raw === 'off' || raw === 'false' || raw === 'no') return { value: false };
    return text({ says: 'name of a parameter', max: 128, pattern: /^[\x21-\x7e]+$/ }).read(raw, context);
  },
  show: (value) => value || 'off',
};

/** RFC 8414 §3: whether the metadata of a provider is read, or where from. */
export const discovery: ValueType<boolean | string> = {
  says: '`on`, `off`, or the URL of the metadata',
  read(raw, context) {
    const reading = onOff.read(raw, context);
    return 'fault' in reading ? webUrl('anywhere').read(raw, context) : reading;
  },
  show: (value) => (typeof value === 'string' ? value : onOff.show?.(value)),
};

/** The address of this server; the path of the MCP endpoint is put behind it. */
export const publicAddress: ValueType<string> = {
  says: baseUrl.says,
  read(raw, context) {
    const reading = baseUrl.read(raw, context);
    return 'value' in reading && reading.value.endsWith('/mcp')
      ? fault(
          'ends with /mcp, which is put behind it',
          `Write it without /mcp: ${reading.value.slice(0, -4)}.`,
        )
      : reading;
  },
};

/** The issuer of a provider, or its address where it has none. */
export const issuerAddress: ValueType<string> = {
  says: webUrl('anywhere').says,
  read(raw, context) {
    const reading = webUrl('anywhere').read(raw, context);
    const part = 'value' in reading ? METADATA_PATH.exec(reading.value)?.[0] : undefined;
    return part === undefined
      ? reading
      : fault('is the address of the metadata of the issuer', `Leave ${part} out.`);
  },
};
