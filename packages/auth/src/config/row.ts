/** A value as text: what a flag, a variable or the settings file says, before a type reads it. Every scalar is a string. */
export type Raw = string | readonly Raw[] | { readonly [key: string]: Raw };

/** How `file:` references and folders are reached. Handed in, so that reading settings touches nothing by itself. */
export interface FileAccess {
  /** The text of a file; `path` may be relative to `folder`. Throws when it can not be read. */
  read(folder: string, path: string): string;
  /** The absolute path of `path`, which may be relative to `folder` or start with `~/`. */
  resolve(folder: string, path: string): string;
}

export interface ReadContext {
  /** What relative paths are relative to: the folder of the settings file, or the working folder for flags and variables. */
  readonly folder: string;
  readonly files: FileAccess;
}

/** Why a value is none. `fault` completes the sentence "<value> ..." and never quotes it: it may be a secret. */
export interface Fault {
  readonly fault: string;
  readonly remedy: string;
  /** What else is wrong with it. Default: nothing. */
  readonly others?: readonly Fault[];
}

/** A value, or why it is none. */
export type Reading<T> = { readonly value: T } | Fault;

/** Stands in a list or a record for what a reference should have led to and did not: that is told already, and no type says more of it. */
export const UNRESOLVED = '\u0000';

/** What the values of a setting look like. */
export interface ValueType<T> {
  /** For the reference page, such as `whole number, 1 to 65535`. */
  readonly says: string;
  read(raw: Raw, context: ReadContext): Reading<T>;
  /**
   * Takes apart a list or map that is written as text, and those inside it, so that references in it can be followed. What is no such text
   * stays as it is. Default: the value is one piece.
   */
  parts?(raw: Raw): Raw;
  /** What stands under a name in the value is secret, and so is the name: it is counted. Default: false. */
  readonly secretNames?: boolean;
  /** Does `read` look past pieces that are `UNRESOLVED`, and say what is wrong with the others? Default: false. */
  readonly readsOthers?: boolean;
  /** The value as `portcullis config` prints it, secrets inside it masked. Default: the value itself. */
  show?(value: T): unknown;
  /** Parts of a value are secret: a wrong one is not quoted. Default: false. */
  readonly secretInside?: boolean;
}

/** What a default may be computed from. */
export interface DefaultContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: FileAccess;
  readonly folder: string;
  /** The value of another setting; `undefined` when it has none or is wrong. */
  value(name: string): unknown;
}

export interface RowSpec<T> {
  readonly type: ValueType<T>;
  /** The flag of `portcullis serve`, as commander writes it: `--port <number>`. Default: none. */
  readonly flag?: string;
  /** What `--help` says of the flag. Default: the first sentence of `description`. */
  readonly flagHelp?: string;
  /** Further names in the environment that others set, after our own: `PORT`. Default: none. */
  readonly alsoEnv?: readonly string[];
  /** The default in words, where the value alone does not say it. */
  readonly defaultText?: string;
  /** The unit of the value, such as `seconds`. Default: none. */
  readonly unit?: string;
  /** Never shown, never quoted in a problem. Default: false. */
  readonly secret?: boolean;
  /** May it stand in the settings file? Default: true. */
  readonly inFile?: boolean;
  /** What it means, in a sentence or two. */
  readonly description: string;
  /** A value, as text. */
  readonly example: string;
  /** What goes wrong when it is wrong. */
  readonly wrong: string;
}

/** A row before its name is known; `V` is what the program sees. */
export interface UnnamedRow<V> extends RowSpec<unknown> {
  readonly default: V | ((context: DefaultContext) => V);
}

/** One setting: everything there is to say about it, once. */
export interface SettingRow<V = unknown> extends UnnamedRow<V> {
  /** Path in the settings file, such as `upstream.clientId`. */
  readonly name: string;
  /** Name in the environment, made from `name`. */
  readonly env: string;
  /** Heading in the reference. */
  readonly section: string;
}

export type SettingTable = Readonly<Record<string, SettingRow>>;

/** A setting with a default. */
export function setting<T>(
  spec: RowSpec<T> & { readonly default: NoInfer<T> | ((context: DefaultContext) => NoInfer<T>) },
): UnnamedRow<T> {
  return spec;
}

/** A setting that may be absent. */
export function optionalSetting<T>(spec: RowSpec<T>): UnnamedRow<T | undefined> {
  return { ...spec, default: undefined };
}

type Named<R> = { readonly [K in keyof R]: R[K] extends UnnamedRow<infer V> ? SettingRow<V> : never };

/** Gives each row the name of its key, and the variable that follows from it. */
export function section<R extends Readonly<Record<string, UnnamedRow<unknown>>>>(
  title: string,
  rows: R,
): Named<R> {
  const named = Object.entries(rows).map(([name, row]) => [
    name,
    { ...row, name, env: environmentName(name), section: title },
  ]);
  return Object.fromEntries(named) as Named<R>;
}

/** `upstream.clientId` → `PORTCULLIS_UPSTREAM_CLIENT_ID`. */
export function environmentName(name: string): string {
  const words = name.replaceAll('.', '_').replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `PORTCULLIS_${words.toUpperCase()}`;
}

type Path<K extends string, V> = K extends `${infer Head}.${infer Rest}`
  ? { readonly [P in Head]: Path<Rest, V> }
  : { readonly [P in K]: V };
type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void
  ? I
  : never;

/** The typed settings that a table describes: `upstream.clientId` becomes `settings.upstream.clientId`. */
export type SettingsOf<T> = Intersection<
  { [K in keyof T & string]: T[K] extends SettingRow<infer V> ? Path<K, V> : never }[keyof T & string]
>;
