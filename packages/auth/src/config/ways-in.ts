import { presetNamed } from '../providers/presets.ts';

/** The settings that let people in; the development people are for when there is none of them. */
export const WAYS_IN = [
  'upstream.issuer',
  'upstream.preset',
  'moreProviders',
  'jwt.issuer',
  'introspection.endpoint',
  'moreVerifiers',
  'staticTokens',
] as const;

/** Gives the value of a setting by its name; `undefined` when it has none. */
type ValueOf = (name: string) => unknown;

/** Is there a way in that is more than trying things out? */
export function hasWayIn(value: ValueOf): boolean {
  return WAYS_IN.some((name) => isSet(value(name)));
}

/** What that hangs on. */
export const SIGNS_IN = [
  'developmentPeople',
  'upstream.preset',
  'upstream.issuer',
  'upstream.mode',
  'moreProviders',
] as const;

/** Do people sign in through this server, so that its tokens are its own? */
export function signsIn(value: ValueOf): boolean {
  const people = value('developmentPeople');
  const more = value('moreProviders');
  return (
    (Array.isArray(people) && people.length > 0) ||
    isProxy(value('upstream.preset'), value('upstream.issuer'), value('upstream.mode')) ||
    (Array.isArray(more) && more.some(({ preset, issuer, mode }) => isProxy(preset, issuer, mode)))
  );
}

function isProxy(name: unknown, issuer: unknown, mode: unknown): boolean {
  const preset = typeof name === 'string' ? presetNamed(name) : undefined;
  return preset ? (mode ?? preset.modes[0]) === 'proxy' : issuer !== undefined;
}

function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined;
}
