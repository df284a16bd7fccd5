import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { consentPage } from './consent-page.ts';
import { continuePage } from './continue-page.ts';
import { donePage } from './done-page.ts';
import { errorPage } from './error-page.ts';
import { loginCheckFailedPage } from './login-check-failed-page.ts';
import { loginCheckPage } from './login-check-page.ts';
import { loginCheckResultPage } from './login-check-result-page.ts';
import { logoutPage } from './logout-page.ts';
import type { Page } from './page.ts';
import { signInPage } from './sign-in-page.ts';
import { visitorPage } from './visitor-page.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const elementsOf = (node: Node): Element[] => [
  ...('tagName' in node ? [node] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(elementsOf) : []),
];
const attribute = (element: Element, name: string) => element.attrs.find((a) => a.name === name)?.value;
const textOf = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

function parsed(page: Page) {
  const errors: string[] = [];
  const document = parse(page.html, { onParseError: (error) => errors.push(error.code) });
  return { errors, document, elements: elementsOf(document) };
}

/** The shape of a page: its elements and the names of their attributes, with nothing of what they hold. */
const skeleton = ({ elements }: Pick<ReturnType<typeof parsed>, 'elements'>) =>
  elements.map((e) => `${e.tagName}[${e.attrs.map((a) => a.name).join(' ')}]`);

const HOSTILE = [
  '"',
  "'",
  '`',
  '<',
  '>',
  '&',
  '</style>',
  '</title>',
  '<script>alert(1)</script>',
  '" onfocus="alert(1)" autofocus="',
  "' style='x",
  '<!--',
  '-->',
  ']]>',
  '<svg/onload=alert(1)>',
  '&quot;',
  '&#34;',
  '&lt;b',
  '\u2028',
  '\u0000',
  '\r\n',
  '\r',
  '\ud800',
  '\u202e',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content=0;url=//evil.example>',
];
const hostile = () =>
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 8 })), {
      maxLength: 12,
    })
    .map((parts) => parts.join(''));

/** What HTML can not hold at all comes back as U+FFFD; everything else has to come back as it went in. */
const writable = (text: string) => text.replace(/[\0\p{Cs}]/gu, '\uFFFD');

const consent = (word: string, hidden: Record<string, string> = {}) =>
  consentPage({
    clientName: `n${word}`,
    clientIdHost: word,
    clientKind: 'document',
    redirectHost: 'host.example',
    redirectUri: word,
    redirectKind: 'https',
    scopes: [{ name: word, description: word }],
    resource: word,
    resourceName: word,
    signInTitles: [
      { id: `a${word}`, title: word },
      { id: `b${word}`, title: word },
    ],
    action: word,
    hidden,
  });

const signIn = (word: string, hidden: Record<string, string> = {}) =>
  signInPage({
    people: [{ value: word, name: word, note: word }],
    action: word,
    hidden,
    developmentNotice: true,
  });

const error = (word: string) =>
  errorPage({ status: 400, title: word, message: word, whatToDo: [word], incident: word });

const titles = (word: string) => [
  { id: `a${word}`, title: `t${word}` },
  { id: `b${word}`, title: word },
];

const checkResult = (word: string) =>
  loginCheckResultPage({
    identity: {
      issuer: word,
      subject: word,
      name: `n${word}`,
      email: `e${word}`,
      username: word,
      usernameRule: word,
      groups: [word, word],
    },
    signInTitle: word,
    scopes: [{ name: word, description: word }],
    startAgainUrl: word,
  });

const checkFailed = (word: string) =>
  loginCheckFailedPage({
    status: 403,
    title: word,
    step: word,
    why: word,
    providerSaid: `s${word}`,
    whatToDo: [word],
    incident: word,
    startAgainUrl: word,
  });

describe('[G11] what a stranger chose', () => {
  const pages: Record<string, (word: string) => Page> = {
    consent,
    'sign-in': signIn,
    error,
    done: (word) => donePage({ title: word, message: word }),
    visitor: (word) => visitorPage({ resourceName: word, url: word, loginCheckUrl: word, incident: word }),
    'login check': (word) =>
      loginCheckPage({ signInTitles: titles(word), action: word, hidden: { request: word } }),
    logout: (word) =>
      logoutPage({ signIns: titles(word), others: [word], action: word, hidden: { request: word } }),
    'on to the log-out': (word) =>
      continuePage({ url: 'https://idp.example/logout', kind: 'sign-out', provider: word }),
    'login check result': checkResult,
    'login check failed': checkFailed,
  };

  for (const [name, page] of Object.entries(pages)) {
    it(`never changes the structure of the ${name} page, and makes none that a strict parser complains about`, () => {
      const expected = skeleton(parsed(page('plain')));
      fc.assert(
        fc.property(hostile(), (word) => {
          const seen = parsed(page(word));
          expect(skeleton(seen)).toEqual(expected);
          // Control characters are what they are: a complaint of the parser, and nothing to a browser.
          expect(seen.errors.filter((error) => !/^(non|control-)character-/.test(error))).toEqual([]);
        }),
        { numRuns: 1000 },
      );
    });
  }

  it('holds no style, event or script attribute at all', () => {
    for (const page of [consent('x'), signIn('x'), error('x')]) {
      const { elements } = parsed(page);
      expect(elements.filter((e) => e.tagName === 'script')).toEqual([]);
      expect(elements.flatMap((e) => e.attrs).filter((a) => /^on|^style$/.test(a.name))).toEqual([]);
    }
  });
});

describe('what a form carries', () => {
  const fields = fc.dictionary(
    fc.oneof(hostile(), fc.string()).filter((name) => name.length > 0 && writable(name) === name),
    fc.oneof(hostile(), fc.string({ unit: 'binary' })),
    { maxKeys: 6 },
  );
  const carried = (page: Page) =>
    parsed(page)
      .elements.filter((e) => e.tagName === 'input' && attribute(e, 'type') === 'hidden')
      .map((e) => [attribute(e, 'name'), attribute(e, 'value')]);

  it('comes back from the consent page as it went in', () => {
    fc.assert(
      fc.property(fields, (hidden) => {
        expect(carried(consent('x', hidden))).toEqual(
          Object.entries(hidden).map(([k, v]) => [k, writable(v)]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('comes back from the sign-in page as it went in', () => {
    fc.assert(
      fc.property(fields, (hidden) => {
        expect(carried(signIn('x', hidden))).toEqual(
          Object.entries(hidden).map(([k, v]) => [k, writable(v)]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is sent where the caller said, and the choices are the caller’s', () => {
    fc.assert(
      fc.property(hostile(), (word) => {
        const { elements } = parsed(consent(word));
        const form = elements.find((e) => e.tagName === 'form')!;
        const radios = elements.filter((e) => attribute(e, 'type') === 'radio');
        expect(attribute(form, 'action')).toBe(writable(word));
        expect(radios.map((e) => attribute(e, 'value'))).toEqual([
          `a${writable(word)}`,
          `b${writable(word)}`,
        ]);
        const person = parsed(signIn(word)).elements.find((e) => attribute(e, 'name') === 'person')!;
        expect(attribute(person, 'value')).toBe(writable(word));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('where a page goes on to', () => {
  it('is in the refresh and in the link, to the letter', () => {
    const query = fc.string({
      unit: fc.constantFrom(...Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))),
    });
    fc.assert(
      fc.property(query, fc.constantFrom('https://app.example/cb?', 'cursor://host/cb?'), (tail, start) => {
        const url = start + tail;
        const { elements } = parsed(
          continuePage({ url, kind: start.startsWith('https') ? 'https' : 'custom-scheme' }),
        );
        const refresh = elements.find((e) => attribute(e, 'http-equiv') === 'refresh')!;
        expect(attribute(refresh, 'content')).toBe(`0;url=${url}`);
        expect(attribute(elements.find((e) => e.tagName === 'a')!, 'href')).toBe(url);
      }),
      { numRuns: 1000 },
    );
  });

  it('is never shown as something else than text', () => {
    expect(textOf(parsed(error('<b>x</b>')).document)).toContain('<b>x</b>');
  });
});
