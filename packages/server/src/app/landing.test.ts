import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { CLIENT_INSTRUCTIONS } from './client-instructions.ts';
import { type LandingPageOptions, landingPage } from './landing.ts';

type Node = DefaultTreeAdapterTypes.Node;

const textOf = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
const tagsOf = (node: Node): string[] => [
  ...('tagName' in node ? [node.tagName] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(tagsOf) : []),
];

const land = (change: Partial<LandingPageOptions> = {}) =>
  landingPage({
    resourceName: 'Sample database',
    url: 'http://localhost:8000/mcp',
    signIns: [{ title: 'Development', developmentPeople: ['alice', 'bob', 'carol'] }],
    ...change,
  }).html;
const textOfPage = (change?: Partial<LandingPageOptions>) => textOf(parse(land(change)));

describe('landingPage', () => {
  it('says where to connect, and how with every client', () => {
    const text = textOfPage();
    expect(text).toContain('http://localhost:8000/mcp');
    for (const { name } of CLIENT_INSTRUCTIONS) expect(text).toContain(name);
    expect(text).toContain('claude mcp add --transport http portcullis http://localhost:8000/mcp');
  });

  it('says who can sign in', () => {
    expect(textOfPage()).toContain('Choose to be alice, bob or carol.');
    expect(textOfPage({ signIns: [{ title: 'Example Corp' }] })).toContain('Example Corp');
    expect(textOfPage({ signIns: [{ title: 'Example Corp' }] })).not.toContain('Development');
    expect(textOfPage({ signIns: [] })).toContain('Nobody has to sign in.');
  });

  it('leads to the check of a login where people sign in here', () => {
    const loginCheckUrl = 'http://localhost:8000/login-check';
    expect(land({ loginCheckUrl })).toContain(`<a href="${loginCheckUrl}">Check your login</a>`);
    expect(land()).not.toContain('Check your login');
  });

  it('says which clients can not reach an address of this computer', () => {
    const count = (text: string) => text.split('It can not reach this address').length - 1;
    expect(count(textOfPage())).toBe(2);
    expect(count(textOfPage({ url: 'https://mcp.example.com/mcp' }))).toBe(0);
  });

  it('keeps its structure whatever the names are', () => {
    const expected = tagsOf(parse(land()));
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('</code></pre><script>', '" onclick="x', '`</details>', '<!--', "'"),
    );
    fc.assert(
      fc.property(word, word, word, (resourceName, title, person) => {
        const page = land({
          resourceName,
          signIns: [{ title, developmentPeople: [person, person, person] }],
        });
        expect(tagsOf(parse(page))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
