import { shownValue } from './mask.ts';
import { nearestName } from './nearest-name.ts';
import { nested } from './nested.ts';
import { isReference } from './reference.ts';
import type { Fault, Raw, ReadContext, SettingsOf, SettingTable, ValueType } from './row.ts';
import { UNRESOLVED } from './row.ts';
import { allOf, fault, within } from './value-types.ts';
import { parseFlow } from './yaml-text.ts';

/** The members of a record: rows under their names within it, such as `clientId`. */
type Members = SettingTable;

/** A record with the members of a table, each read as its row says: one more of what the settings have once. */
export function recordOf<T extends Members>(rows: T, says: string): ValueType<SettingsOf<T>> {
  return {
    says,
    secretInside: true,
    read(raw, context) {
      const data = typeof raw === 'string' ? parseFlow(raw) : raw;
      if (!isRecord(data)) return fault('has another form', `Write a ${says}.`);
      const found = new Map<string, unknown>();
      const wrong = allOf(readMembers(rows, data, '', context, found));
      if (wrong) return wrong;
      for (const row of Object.values(rows)) {
        if (!found.has(row.name)) found.set(row.name, constantDefault(row));
      }
      return { value: nested(found) as SettingsOf<T> };
    },
    parts(raw) {
      if (typeof raw === 'string' && isReference(raw)) return raw;
      const data = typeof raw === 'string' ? parseFlow(raw) : raw;
      return isRecord(data) ? partsBelow(rows, data, '') : raw;
    },
    readsOthers: true,
    show: (value) =>
      nested(
        new Map(
          Object.values(rows)
            .filter((row) => !isDefault(row, valueAt(value, row.name)))
            .map((row) => [row.name, shownValue(row, valueAt(value, row.name))] as const)
            .filter(([, shown]) => shown !== undefined),
        ),
      ),
  };
}

function readMembers(
  rows: Members,
  data: Readonly<Record<string, Raw>>,
  prefix: string,
  context: ReadContext,
  found: Map<string, unknown>,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [key, raw] of Object.entries(data)) {
    const name = prefix + key;
    const row = Object.values(rows).find((each) => each.name === name);
    if (row) {
      if (raw === UNRESOLVED) continue;
      const reading = row.type.read(raw, context);
      if ('fault' in reading) faults.push(...within(`is wrong at ${name}: it`, reading));
      else found.set(name, reading.value);
    } else if (isRecord(raw) && Object.values(rows).some((each) => each.name.startsWith(`${name}.`))) {
      faults.push(...readMembers(rows, raw, `${name}.`, context, found));
    } else {
      const names = Object.values(rows).map((each) => each.name);
      const near = nearestName(name, names);
      faults.push(
        fault(
          `has a member of no such name: ${name.slice(0, 100)}`,
          near === undefined
            ? `Remove it. There are ${names.slice(0, 6).join(', ')} ...`
            : `Did you mean ${near}?`,
        ),
      );
    }
  }
  return faults;
}

/** Each member taken apart as its row says. */
function partsBelow(rows: Members, data: Readonly<Record<string, Raw>>, prefix: string): Raw {
  const entries = Object.entries(data).map(([key, raw]) => {
    const name = prefix + key;
    const row = Object.values(rows).find((each) => each.name === name);
    if (row) return [key, row.type.parts?.(raw) ?? raw];
    return [key, isRecord(raw) ? partsBelow(rows, raw, `${name}.`) : raw];
  });
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Raw;
}

function isRecord(raw: Raw | undefined): raw is Readonly<Record<string, Raw>> {
  return typeof raw === 'object' && !Array.isArray(raw);
}

/** Of a record only what differs says something. */
function isDefault(row: Members[string], value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(constantDefault(row));
}

function constantDefault(row: Members[string]): unknown {
  if (typeof row.default === 'function')
    throw new TypeError(`${row.name}: a member has no computed default.`);
  return row.default;
}

function valueAt(value: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], value);
}

type Below<T, P extends string> = {
  readonly [K in keyof T as K extends `${P}.${infer Rest}` ? Rest : never]: T[K];
};

/** The rows of a table below a name, under what is left of theirs: `upstream.clientId` → `clientId`. */
export function membersBelow<T extends SettingTable, P extends string>(prefix: P, rows: T): Below<T, P> {
  const entries = Object.values(rows)
    .filter(({ name }) => name.startsWith(`${prefix}.`))
    .map((row) => [row.name.slice(prefix.length + 1), { ...row, name: row.name.slice(prefix.length + 1) }]);
  return Object.fromEntries(entries) as Below<T, P>;
}
