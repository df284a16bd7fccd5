import { isLoopbackHost, parseUrl } from '../core/url.ts';
import type { SettingsView } from './settings-view.ts';
import { hasWayIn, WAYS_IN } from './ways-in.ts';

/**
 * Ways in without proof (no authentication, development people) are for the own machine. Where others can reach the server, by the address
 * it binds *or* by its public URL, each has to be said twice; a default says nothing.
 * `host`: the address the server binds.
 */
export function checkOpenDoors(view: SettingsView, host: string | undefined): void {
  const exposed = exposure(host, view);
  if (view.value('auth') === false) {
    if (exposed && !view.value('iKnowAnyoneCanCall'))
      view.problem(
        'auth',
        `Authentication is off, and ${exposed}: everybody who reaches it could call every tool.`,
        'Remove it; or, if this is meant, say --no-auth --i-know-anyone-can-call (iKnowAnyoneCanCall: on).',
      );
    return;
  }
  const tokens = view.value<Readonly<Record<string, unknown>>>('staticTokens') ?? {};
  if (exposed && Object.keys(tokens).length > 0)
    view.problem(
      'staticTokens',
      `Static tokens are for your own machine, and ${exposed}.`,
      'Use an identity provider, or tokens of one (jwt, introspection).',
    );
  const people = view.value<readonly unknown[]>('developmentPeople');
  if (people && people.length > 0 && exposed) checkPeople(view, exposed);
  if (people?.length === 0 && !triedWayIn(view) && !hasWayIn((name) => view.value(name)))
    view.problem(
      'developmentPeople',
      'Nobody could sign in: there are no development people, and no identity provider.',
      'Set upstream.preset or upstream.issuer, or whose tokens get in (jwt, introspection); or remove developmentPeople.',
    );
}

const WAY_IN_NAME =
  /^(?:(?:upstream|jwt|introspection|moreProviders|moreVerifiers|staticTokens)(?:\.|$)|PORTCULLIS_(?:UPSTREAM|JWT|INTROSPECTION|MORE|STATIC)_)/;

/** Was a way in meant that could not be read? What is wrong with it is told there, and development people are no answer to it. */
function triedWayIn(view: SettingsView): boolean {
  return (
    WAYS_IN.some((name) => !view.known(name)) ||
    view.resolution.problems.some(({ setting }) => WAY_IN_NAME.test(setting))
  );
}

function checkPeople(view: SettingsView, exposed: string): void {
  const said = view.given('developmentPeople');
  if (said ? view.value('iKnowAnyoneCanSignIn') : triedWayIn(view)) return;
  const message = said
    ? `Development people sign in without proof, and ${exposed}.`
    : `No identity provider is set up, and ${exposed}: development people, who sign in without proof, are for your own machine.`;
  view.problem(
    said ? 'developmentPeople' : 'upstream.issuer',
    message,
    'Set upstream.preset or upstream.issuer; or, if this is meant, say --dev-people --i-know-anyone-can-sign-in (developmentPeople: on, iKnowAnyoneCanSignIn: on).',
  );
}

/** How others can reach the server, as half a sentence; `undefined` when only this machine can. */
function exposure(host: string | undefined, view: SettingsView): string | undefined {
  if (host !== undefined && !isLoopbackHost(host)) return `the server listens on ${host}`;
  const publicUrl = view.value<string>('publicUrl');
  const url = publicUrl === undefined ? undefined : parseUrl(publicUrl);
  if (url && !isLoopbackHost(url.hostname)) return `the public URL is ${publicUrl}`;
  for (const setting of ['resource.url', 'issuerUrl']) {
    const told = view.value<string>(setting);
    const place = told === undefined ? undefined : parseUrl(told);
    if (place && !isLoopbackHost(place.hostname)) return `clients are told ${told} (${setting})`;
  }
  // Requests for such a name come from elsewhere, through whatever hands them on.
  const name = view.value<readonly string[]>('allowedHosts')?.find((allowed) => !isOwnMachine(allowed));
  if (name !== undefined) return `requests for ${name} are let in (allowedHosts)`;
  return undefined;
}

/** A host as it stands in a request, with or without a port. */
function isOwnMachine(host: string): boolean {
  const url = parseUrl(`http://${host}`);
  return url !== undefined && isLoopbackHost(url.hostname);
}
