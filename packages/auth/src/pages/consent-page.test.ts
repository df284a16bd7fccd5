import { describe, expect, it } from 'vitest';
import { type ConsentPageOptions, consentPage } from './consent-page.ts';

const ask = (change: Partial<ConsentPageOptions> = {}) =>
  consentPage({
    clientName: 'Claude Code',
    clientKind: 'registered',
    redirectHost: 'app.example',
    redirectUri: 'https://app.example/cb',
    redirectKind: 'https',
    scopes: [{ name: 'mcp:read', description: 'Read what you may read' }],
    resource: 'https://data.example/mcp',
    resourceName: 'Sales data',
    signInTitles: [{ id: 'corp', title: 'Example Corp' }],
    action: '/authorize',
    hidden: {},
    ...change,
  }).html;

describe('consentPage', () => {
  it('offers exactly the two answers', () => {
    const answers = [...ask().matchAll(/<button[^>]* name="action" value="(\w+)"/g)].map((m) => m[1]);
    expect(answers).toEqual(['approve', 'deny']);
  });

  it('[G11] quotes a self-given name as a claim', () => {
    expect(ask()).toContain('calls itself “<bdi>Claude Code</bdi>” <span class="tag">not verified</span>');
    expect(ask({ clientKind: 'document', clientIdHost: 'meta.example' })).toContain('not verified');
  });

  it('does not call a name unverified that the operator entered', () => {
    expect(ask({ clientKind: 'static' })).not.toContain('not verified');
    expect(ask({ clientKind: 'static' })).toContain('by the operator of this server');
    expect(ask({ clientKind: 'static', clientName: undefined })).toContain('Entered by the operator');
  });

  it('says so when there is no name, or none that can be seen', () => {
    expect(ask({ clientName: undefined })).toContain('gives no name');
    expect(ask({ clientName: '\u202e\u200b\u0007' })).toContain('gives no name');
  });

  it('lets the person choose among several sign-ins, and carries a single one along', () => {
    const several = ask({
      signInTitles: [
        { id: 'corp', title: 'Example Corp' },
        { id: 'guest', title: 'Guests' },
      ],
    });
    expect(ask()).toContain('<input type="hidden" name="sign_in" value="corp">');
    expect(several).toContain('<legend>Sign in with</legend>');
    expect([...several.matchAll(/type="radio" name="sign_in" value="(\w+)"/g)].map((m) => m[1])).toEqual([
      'corp',
      'guest',
    ]);
    expect([...several.matchAll(/ checked/g)]).toHaveLength(1);
    expect(ask({ signInTitles: [] })).not.toContain('sign_in');
  });

  it('says what a grant without scopes is', () => {
    expect(ask({ scopes: [] })).toContain('Know who you are');
  });

  it('breaks a long host after its dots only', () => {
    expect(ask({ redirectHost: 'a.b.example' })).toContain('<bdi>a.<wbr>b.<wbr>example<wbr></bdi>');
  });
});
