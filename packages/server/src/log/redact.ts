const REDACTED = '[redacted]';
const MAX_DEPTH = 6;
const MAX_MEMBERS = 100;
const MAX_TEXT_LENGTH = 4000;

/** Names whose values are secrets, whatever they look like. */
const SECRET_NAME =
  /(?:secret|password|passwd|passphrase|cookie|authorization$|credential|verifier|assertion|api-?_?key|private-?_?key)|^(?:code|state|nonce|jwt|(?:access|refresh|id|bearer)?_?-?token)$/i;

/** What looks like a secret in any text, and what stands in its place. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\bey[JK][\w-]{8,}\.[\w-]+\.[\w-]*(?:\.[\w-]+)*/g, REDACTED],
  [/\b(Bearer|Basic|DPoP)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, `$1:${REDACTED}@`],
  [
    /([?&#;\s"']|^)((?:access_|refresh_|id_)?token|code|code_verifier|client_secret|client_assertion|password|assertion|state|nonce)=[^\s&#;"']+/gi,
    `$1$2=${REDACTED}`,
  ],
];

/** Text with everything that looks like a secret replaced, and cut where it is very long. */
export function redactText(text: string): string {
  const cut = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}... (cut)` : text;
  return SECRET_TEXT.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), cut);
}

/** A copy of fields that is safe to write: by name, by look, and bounded in depth and size. Never throws. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactMembers(fields, 0, new Set());
}

function redactMembers(value: object, depth: number, seen: ReadonlySet<object>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const inside = new Set(seen).add(value);
  for (const name of Object.keys(value).slice(0, MAX_MEMBERS)) {
    const member = read(value, name);
    const hide = SECRET_NAME.test(name) && isSecretKind(member) && !isErrorCode(name, member);
    Object.defineProperty(out, redactText(name), {
      value: hide ? REDACTED : redactValue(member, depth + 1, inside),
      enumerable: true,
      configurable: true,
    });
  }
  return out;
}

/** A number or a switch under a secret's name (`tokenSeconds`, `hasPassword`) is no secret. */
function isSecretKind(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean' && typeof value !== 'number';
}

/** `ECONNREFUSED`, `42P01`: short and in capitals, as no authorization code is. */
function isErrorCode(name: string, value: unknown): boolean {
  return name === 'code' && typeof value === 'string' && /^[A-Z0-9_]{2,24}$/.test(value);
}

function read(value: object, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch {
    return '[unreadable]';
  }
}

function redactValue(value: unknown, depth: number, seen: ReadonlySet<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return '[circular]';
  if (depth > MAX_DEPTH) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth, seen);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return redactMembers(membersOf(value), depth, seen);
  const inside = new Set(seen).add(value);
  if (value instanceof Set || Array.isArray(value))
    return [...value].slice(0, MAX_MEMBERS).map((item) => redactValue(item, depth + 1, inside));
  return redactMembers(value, depth, seen);
}

function membersOf(map: ReadonlyMap<unknown, unknown>): object {
  const entries = [...map].map(([key, value]) => [typeof key === 'object' ? '[object]' : String(key), value]);
  return Object.fromEntries(entries) as object;
}

function redactError(error: Error, depth: number, seen: ReadonlySet<object>): Record<string, unknown> {
  const inside = new Set(seen).add(error);
  const code = read(error, 'code');
  return {
    name: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1, inside) }),
  };
}
