import { describe, expect, it } from 'vitest';
import { visitorPage } from './visitor-page.ts';

const options = { resourceName: 'Sales <data>', url: 'https://mcp.example.com/mcp?a=1&b=2' };

describe('visitorPage', () => {
  it('says what the address is for, and shows it', () => {
    const { status, html } = visitorPage(options);
    expect(status).toBe(401);
    expect(html).toContain('<h1>Sales &lt;data&gt;</h1>');
    expect(html).toContain('<code aria-labelledby="address">https://mcp.example.com/mcp?a=1&amp;b=2</code>');
  });

  it('leads to the login check only where there is one', () => {
    expect(visitorPage(options).html).not.toContain('Check your login');
    const loginCheckUrl = 'https://mcp.example.com/login-check';
    expect(visitorPage({ ...options, loginCheckUrl }).html).toContain(`href="${loginCheckUrl}"`);
  });

  it('speaks of a refused token only when one came', () => {
    expect(visitorPage(options).html).not.toContain('not accepted');
    expect(visitorPage({ ...options, incident: '7k2mq9x0ab' }).html).toContain('<code>7k2mq9x0ab</code>');
  });
});
