import { describe, expect, it } from 'vitest';
import { scopeList } from './scope-list.ts';

describe('scopeList', () => {
  it('shows what each scope allows, with its name', () => {
    expect(scopeList([{ name: 'mcp:read', description: 'Read <tables>' }]).toString()).toContain(
      '<li><span>Read &lt;tables&gt;</span> <code>mcp:read</code></li>',
    );
  });

  it('says so where there is none', () => {
    expect(scopeList([]).toString()).toBe('<p>Know who you are, and nothing else.</p>');
  });
});
