import ipaddr from 'ipaddr.js';
import { isLoopbackHost, parseUrl } from '../core/url.ts';
import { nearestValue } from './nearest-name.ts';
import type { Fault, Raw, Reading, ValueType } from './row.ts';
import { UNRESOLVED } from './row.ts';
import { parseFlow } from './yaml-text.ts';

const MAX_TEXT_LENGTH = 65_536;
const MAX_LIST_LENGTH = 1000;

export function fault(message: string, remedy: string): Fault {
  return { fault: message, remedy };
}

/** Text on one line or several, without control characters. */
export function text(
  options: {
    readonly says?: string;
    /** Characters; default 1. */
    readonly min?: number;
    /** Characters; default 65,536. */
    readonly max?: number;
    readonly pattern?: RegExp;
  } = {},
): ValueType<string> {
  const { says = 'text', min = 1, max = MAX_TEXT_LENGTH, pattern } = options;
  return {
    says,
    read(raw) {
      if (typeof raw !== 'string') return fault('is not a single value', `Write ${says}.`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
      if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(raw))
        return fault('has a control character in it', 'Remove it.');
      if (raw.length < min) return fault('is too short', `Write at least ${min} characters.`);
      if (raw.length > max) return fault('is too long', `Write at most ${max} characters.`);
      if (!pattern || pattern.test(raw)) return { value: raw };
      return pattern.test(raw.replaceAll(/\s/g, ''))
        ? fault('has a space or a line end in it', 'Remove it.')
        : fault(`is not ${says}`, `Write ${says}.`);
    },
  };
}

export function wholeNumber(range: { readonly min: number; readonly max: number }): ValueType<number> {
  const says = `whole number, ${range.min} to ${range.max}`;
  return {
    says,
    read(raw) {
      if (typeof raw !== 'string' || !/^\d{1,15}$/.test(raw))
        return fault('is not a whole number', `Write a ${says}.`);
      const value = Number(raw);
      return value < range.min || value > range.max
        ? fault('is out of range', `Write a ${says}.`)
        : { value };
    },
  };
}

const SWITCH: Readonly<Record<string, boolean>> = {
  on: true,
  off: false,
  true: true,
  false: false,
  yes: true,
  no: false,
};

/** On or off, in the spellings people use. */
export const onOff: ValueType<boolean> = {
  says: '`on` or `off`',
  read(raw) {
    const value = typeof raw === 'string' && Object.hasOwn(SWITCH, raw) ? SWITCH[raw] : undefined;
    return value === undefined ? fault('is neither on nor off', 'Write `on` or `off`.') : { value };
  },
  show: (value) => (value ? 'on' : 'off'),
};

export function oneOf<const T extends string>(...values: readonly T[]): ValueType<T> {
  const says = values.map((v) => `\`${v}\``).join(', ');
  return {
    says: `one of ${says}`,
    read(raw) {
      const value = values.find((v) => v === raw);
      if (value !== undefined) return { value };
      const near = typeof raw === 'string' ? nearestValue(raw, values) : undefined;
      const meant = near === undefined ? '' : `Did you mean ${near}? `;
      return fault('is not one of the values', `${meant}Write one of ${says}.`);
    },
  };
}

/**
 * An address of the web without credentials and fragment. `plain` says where `http` is accepted: on a loopback host, or anywhere. It comes
 * back as it was written, since an issuer is compared byte by byte.
 */
export function webUrl(plain: 'loopback' | 'anywhere' = 'loopback'): ValueType<string> {
  const says = plain === 'loopback' ? 'https URL (http on a loopback host)' : 'https or http URL';
  return {
    says,
    read(raw) {
      const url = typeof raw === 'string' && !/\s/.test(raw) ? parseUrl(raw) : undefined;
      if (!url || typeof raw !== 'string' || !/^https?:\/\/[^/\\]/i.test(raw))
        return fault('is not a URL', 'Write an absolute URL that starts with https://.');
      if (url.username || url.password)
        return fault('has a user name or password in it', 'Remove what stands before the @.');
      if (raw.includes('#')) return fault('has a fragment', 'Remove the # and what follows.');
      if (url.protocol === 'http:' && plain === 'loopback' && !isLoopbackHost(url.hostname))
        return fault('is not encrypted', 'Use https; plain http is accepted on a loopback host only.');
      return { value: raw };
    },
  };
}

/** As `webUrl`, without a query and without a slash at the end: what paths are put behind. */
export const baseUrl: ValueType<string> = {
  says: 'https URL (http on a loopback host), without query',
  read(raw, context) {
    const reading = webUrl('loopback').read(raw, context);
    if ('fault' in reading) return reading;
    if (reading.value.includes('?')) return fault('has a query', 'Remove the ? and what follows.');
    const url = new URL(reading.value);
    const path = url.pathname.replace(/\/+$/, '');
    return /\/\/|%2f|%5c/i.test(path)
      ? fault('has an unusual path', 'Use a path of plain segments.')
      : { value: url.origin + path };
  },
};

/** A host name or an address to bind or to answer for, without a port. */
export const hostName: ValueType<string> = {
  says: 'host name or IP address',
  read(raw) {
    const good =
      typeof raw === 'string' &&
      raw.length <= 253 &&
      (/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(raw) || ipaddr.IPv6.isValid(raw));
    return good
      ? { value: raw }
      : fault('is not a host name or an IP address', 'Write 127.0.0.1, :: or a name, without a port.');
  },
};

/** An address or a range of addresses (CIDR). */
export const addressRange: ValueType<string> = {
  says: 'IP address or range such as `10.0.0.0/8`',
  read(raw) {
    const good =
      typeof raw === 'string' && (raw.includes('/') ? ipaddr.isValidCIDR(raw) : isWholeAddress(raw));
    return good ? { value: raw } : fault('is not an address or a range', 'Write 10.0.0.0/8 or 192.0.2.7.');
  },
};

function isWholeAddress(raw: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(raw) || ipaddr.IPv6.isValid(raw);
}

/** Several values: a list in the file, or text with commas between, or a list in brackets. */
export function listOf<T>(
  item: ValueType<T>,
  options: {
    readonly says?: string;
    /** What stands between items in plain text. Default: commas and line ends. */
    readonly separator?: RegExp;
    /** Most items; default 1000. */
    readonly max?: number;
  } = {},
): ValueType<readonly T[]> {
  const { says = `list of: ${item.says}`, separator = /[,\n]+/, max = MAX_LIST_LENGTH } = options;
  return {
    says,
    read(raw, context) {
      const items = itemsOf(raw, separator);
      if (!items) return fault('is not a list', `Write a ${says}.`);
      if (items.length > max) return fault('has too many items', `Write at most ${max}.`);
      return collect(items.map((one) => (one === UNRESOLVED ? undefined : item.read(one, context))));
    },
    parts(raw) {
      const items = itemsOf(raw, separator);
      // Alone, a reference may lead to the whole list.
      if (!items || (typeof raw === 'string' && items.length === 1 && items[0] === raw.trim())) return raw;
      return item.parts ? items.map((one) => item.parts!(one)) : items;
    },
    readsOthers: true,
    ...(item.show ? { show: (values: readonly T[]) => values.map((value) => item.show?.(value)) } : {}),
    ...(item.secretInside ? { secretInside: true } : {}),
  };
}

function itemsOf(raw: Raw, separator: RegExp): readonly Raw[] | undefined {
  if (typeof raw !== 'string') return Array.isArray(raw) ? raw : undefined;
  const trimmed = raw.trim();
  if (trimmed.startsWith('[')) {
    const parsed = parseFlow(trimmed);
    return Array.isArray(parsed) ? parsed : undefined;
  }
  return trimmed
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The values, or all that is wrong with them. An item that is `undefined` is passed over. */
function collect<T>(readings: readonly (Reading<T> | undefined)[]): Reading<readonly T[]> {
  const values: T[] = [];
  const faults: Fault[] = [];
  for (const [index, reading] of readings.entries()) {
    if (reading === undefined) continue;
    if ('value' in reading) values.push(reading.value);
    else faults.push(...within(`has a wrong item, number ${index + 1}: it`, reading));
  }
  return allOf(faults) ?? { value: values };
}

/** What is wrong with a part, said of the whole. */
export function within(place: string, wrong: Fault): readonly Fault[] {
  return [wrong, ...(wrong.others ?? [])].map((each) => fault(`${place} ${each.fault}`, each.remedy));
}

const MAX_FAULTS = 20;

/** Several faults as one; `undefined` for none. */
export function allOf(faults: readonly Fault[]): Fault | undefined {
  const [first, ...others] = faults.slice(0, MAX_FAULTS);
  return first && (others.length > 0 ? { ...first, others } : first);
}
