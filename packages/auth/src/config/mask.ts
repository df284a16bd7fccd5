import type { SettingRow } from './row.ts';

/** Stands for every secret, whatever its length. */
export const MASK = '********';

/** The value of a setting as it may be shown: whole secrets and secrets inside values masked, in a form that is good JSON. */
export function shownValue(row: SettingRow, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (row.secret) return MASK;
  return withoutKeys(row.type.show ? row.type.show(value) : value);
}

/** Whatever a private key got into, it is not shown. */
function withoutKeys(value: unknown): unknown {
  if (typeof value === 'string') return /PRIVATE KEY/i.test(value) ? MASK : value;
  if (Array.isArray(value)) return value.map(withoutKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutKeys(member)]));
}

/** A URL with its password masked, and with those parameters that drivers read passwords from. */
export function maskUrl(text: string): string {
  if (!text.includes('://') || !URL.canParse(text)) return MASK;
  const url = new URL(text);
  if (url.password) url.password = MASK;
  for (const name of [...url.searchParams.keys()]) {
    if (/pass|secret|token|key/i.test(name)) url.searchParams.set(name, MASK);
  }
  return url.href;
}
