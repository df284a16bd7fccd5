// OpenID Connect RP-Initiated Logout 1.0 §2, §4: what a browser has with us ends, and its login at the provider where that has an address.
import { Refusal } from '../../core/refusal.ts';
import type { Answer, Exchange } from '../../http/route.ts';
import { continuePage } from '../../pages/continue-page.ts';
import { loggedOutPage } from '../../pages/logged-out-page.ts';
import { logoutPage } from '../../pages/logout-page.ts';
import { parseForm, required, single } from '../../protocol/form.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { MAX_SEALED_LENGTH } from '../context/approvals.ts';
import { endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';

export async function answerLogout(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  return exchange.method === 'POST' ? logOut(context, exchange) : ask(context, exchange);
}

/** Nothing ends before the person presses a button: a link that somebody else made logs nobody out. */
function ask(context: IssuerContext, exchange: Exchange): Answer {
  const { cookie, setCookie } = context.cookies.forPage(exchange.headers.get('cookie'));
  const withAddress = (signIn: SignIn) => addressOf(context, signIn) !== undefined;
  const page = logoutPage({
    signIns: context.signIns.filter(withAddress).map(({ id, title }) => ({ id, title })),
    others: context.signIns
      .filter((signIn) => signIn.logoutUrl && !withAddress(signIn))
      .map(({ title }) => title),
    action: endpointUrl(context, PATHS.logout),
    hidden: { request: context.approvals.seal('logout', { cookieTag: cookie.tag }, cookie) },
  });
  return { kind: 'page', page, cookies: [setCookie] };
}

/** Whatever waits for this browser waits for its cookies: without them nobody can finish it, and it ends by itself within minutes. */
async function logOut(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  context.hosts.ownForm(exchange.headers);
  const form = parseForm(exchange.body);
  const header = exchange.headers.get('cookie');
  const sealed = required(form, 'request', MAX_SEALED_LENGTH);
  await context.approvals.open('logout', sealed, (tag) => context.cookies.read(header, tag));
  const chosen = single(form, 'sign_in');
  const cookies = [...context.cookies.clearAll(header), ...forgottenApprovals(context)];
  if (chosen === undefined) return { kind: 'redirect', url: endpointUrl(context, PATHS.logoutDone), cookies };
  const signIn = context.signIns.find(({ id }) => id === chosen);
  const url = signIn && addressOf(context, signIn);
  if (url === undefined) throw new Refusal('request.invalid-parameter', { parameter: 'sign_in' });
  return { kind: 'page', page: continuePage({ url, kind: 'sign-out', provider: signIn!.title }), cookies };
}

/** On plain-http loopback nothing was remembered. */
function forgottenApprovals(context: IssuerContext): readonly string[] {
  return context.publicUrl.startsWith('https:') ? [context.remembered.forget()] : [];
}

function addressOf(context: IssuerContext, signIn: SignIn): string | undefined {
  return signIn.logoutUrl?.({ returnTo: endpointUrl(context, PATHS.logoutDone) });
}

/** Where the provider sends the browser back to. Whatever it says in the query changes nothing. */
export function answerLogoutDone(): Answer {
  return { kind: 'page', page: loggedOutPage() };
}
