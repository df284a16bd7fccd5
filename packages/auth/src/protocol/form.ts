// RFC 6749 appendix B (application/x-www-form-urlencoded) and §3.1, §3.2: parameters, each at most once.
import { fromUtf8, utf8 } from '../core/encoding.ts';
import { Refusal } from '../core/refusal.ts';

export interface FormRules {
  /**
   * `keep`: leave a parameter that came twice to the caller, who refuses it later (`refuseDuplicates`): an authorization request first needs
   * its client and redirect URI, to know where the error goes. Default: `refuse`.
   */
  readonly duplicates?: 'refuse' | 'keep';
  /** Longest form or query, in bytes as received. Default: 65,536. */
  readonly maxBytes?: number;
}

/** RFC 8707 §2: the one parameter that may come more than once. */
const REPEATABLE = 'resource';
const MAX_PARAMETERS = 50;
const DEFAULT_MAX_BYTES = 65_536;
const DEFAULT_MAX_VALUE_LENGTH = 2000;

/**
 * Parses a form body, or a query without its question mark. What the platform's parser would mend in silence (broken percent signs, bytes
 * that are not UTF-8, a parameter sent twice) is refused, so that two readers never see two requests in one text.
 */
export function parseForm(input: string | Uint8Array, rules: FormRules = {}): URLSearchParams {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  const maxBytes = rules.maxBytes ?? DEFAULT_MAX_BYTES;
  if (text.length > maxBytes || utf8(text).byteLength > maxBytes)
    throw new Refusal('request.too-large', { maxBytes });
  const pairs = text.split('&').filter((pair) => pair !== '');
  if (pairs.length > MAX_PARAMETERS)
    throw new Refusal('request.malformed', { parameters: pairs.length, maxParameters: MAX_PARAMETERS });
  const form = new URLSearchParams();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decodeFormText(equals < 0 ? pair : pair.slice(0, equals));
    form.append(name, equals < 0 ? '' : decodeFormText(pair.slice(equals + 1)));
  }
  if (rules.duplicates !== 'keep') refuseDuplicates(form);
  return form;
}

/** RFC 6749 §3.1: a parameter must not be included more than once, whether we know it or not; `resource` may. */
export function refuseDuplicates(form: URLSearchParams): void {
  const seen = new Set<string>();
  for (const name of form.keys()) {
    if (seen.has(name) && name !== REPEATABLE)
      throw new Refusal('request.duplicate-parameter', { parameter: name.slice(0, 100) });
    seen.add(name);
  }
}

/** The one value of a parameter. An empty value counts as omitted (§3.1); a second value, a control character and too long a value are refused. */
export function single(
  form: URLSearchParams,
  name: string,
  maxLength = DEFAULT_MAX_VALUE_LENGTH,
): string | undefined {
  const values = form.getAll(name);
  if (values.length > 1) throw new Refusal('request.duplicate-parameter', { parameter: name });
  const [value] = values;
  if (value === undefined || value === '') return undefined;
  checkValue(name, value, maxLength);
  return value;
}

/** As `single`, for a parameter that must be there. */
export function required(form: URLSearchParams, name: string, maxLength?: number): string {
  const value = single(form, name, maxLength);
  if (value === undefined) throw new Refusal('request.missing-parameter', { parameter: name });
  return value;
}

/** All values of a parameter that may come several times, empty ones left out. */
export function several(
  form: URLSearchParams,
  name: string,
  maxValues: number,
  maxLength?: number,
): readonly string[] {
  const values = form.getAll(name).filter((value) => value !== '');
  if (values.length > maxValues)
    throw new Refusal('request.invalid-parameter', { parameter: name, values: values.length, maxValues });
  for (const value of values) checkValue(name, value, maxLength ?? DEFAULT_MAX_VALUE_LENGTH);
  return values;
}

/** Decodes one name or value: `+` is a space, percent signs must be followed by two digits and make UTF-8. */
export function decodeFormText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Refusal('request.encoding', { problem: 'percent encoding' });
  }
}

function checkValue(name: string, value: string, maxLength: number): void {
  if (value.length > maxLength)
    throw new Refusal('request.invalid-parameter', { parameter: name, length: value.length, maxLength });
  if (/\p{Cc}/u.test(value))
    throw new Refusal('request.invalid-parameter', { parameter: name, problem: 'control character' });
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new Refusal('request.encoding', { problem: 'UTF-8' });
  }
}
