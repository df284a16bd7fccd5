// OpenID Connect Core §3.1: a whole sign-in that no client asked for, so that a person can see whether it works.
import type { Answer, Exchange } from '../../http/route.ts';
import { loginCheckPage } from '../../pages/login-check-page.ts';
import { parseForm, required, single } from '../../protocol/form.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { beginSignIn, chooseSignIn } from '../authorization/begin-sign-in.ts';
import { loginCheckFailed, showLoginCheck } from '../authorization/show-login-check.ts';
import { MAX_SEALED_LENGTH } from '../context/approvals.ts';
import { endpointUrl, type IssuerContext } from '../context/issuer-context.ts';
import { PATHS } from '../context/paths.ts';

export async function answerLoginCheck(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  return exchange.method === 'POST' ? begin(context, exchange) : ask(context, exchange);
}

/** Nothing happens before the person presses the button: a link that somebody else made signs nobody in. */
function ask(context: IssuerContext, exchange: Exchange): Answer {
  const { cookie, setCookie } = context.cookies.forPage(exchange.headers.get('cookie'));
  const page = loginCheckPage({
    signInTitles: context.signIns.map(({ id, title }) => ({ id, title })),
    action: endpointUrl(context, PATHS.loginCheck),
    hidden: { request: context.approvals.seal('login-check', { cookieTag: cookie.tag }, cookie) },
  });
  return { kind: 'page', page, cookies: [setCookie] };
}

async function begin(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  let signIn: SignIn | undefined;
  try {
    const { form, readCookie } = readForm(context, exchange);
    const sealed = required(form, 'request', MAX_SEALED_LENGTH);
    const { cookieTag: tag } = await context.approvals.open('login-check', sealed, readCookie);
    signIn = chooseSignIn(context, single(form, 'sign_in'));
    const cookie = { tag, value: readCookie(tag)! };
    return await beginSignIn(context, { signIn, cookie, address: exchange.address });
  } catch (error) {
    return loginCheckFailed(context, error, signIn);
  }
}

/** The answer of a person on our own page, at sign-ins that ask there. */
export async function answerLoginCheckSignIn(context: IssuerContext, exchange: Exchange): Promise<Answer> {
  try {
    const { form, readCookie } = readForm(context, exchange);
    const sealed = required(form, 'request', MAX_SEALED_LENGTH);
    const opened = await context.approvals.open('login-check-sign-in', sealed, readCookie);
    const state = { ...opened, purpose: 'login-check' } as const;
    return await showLoginCheck(context, { state, browserValue: readCookie(opened.cookieTag), answer: form });
  } catch (error) {
    return loginCheckFailed(context, error);
  }
}

function readForm(context: IssuerContext, exchange: Exchange) {
  context.hosts.ownForm(exchange.headers);
  const readCookie = (tag: string) => context.cookies.read(exchange.headers.get('cookie'), tag);
  return { form: parseForm(exchange.body), readCookie };
}
