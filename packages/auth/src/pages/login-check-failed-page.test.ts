import { describe, expect, it } from 'vitest';
import { loginCheckFailedPage } from './login-check-failed-page.ts';

const options = {
  status: 503,
  title: 'No <login>',
  step: 'Asking <Corp> who you are',
  why: 'It did not answer.',
  whatToDo: ['Try again.'],
  incident: '7k2mq9x0ab',
  startAgainUrl: 'https://mcp.example.com/login-check',
};

describe('loginCheckFailedPage', () => {
  it('names the step, the reason, the incident and the way to start again', () => {
    const { status, html } = loginCheckFailedPage(options);
    expect(status).toBe(503);
    expect(html).toContain('<h1>No &lt;login&gt;</h1>');
    expect(html).toContain('<strong>Asking &lt;Corp&gt; who you are</strong>');
    expect(html).toContain('<dd>It did not answer.</dd>');
    expect(html).toContain('<code>7k2mq9x0ab</code>');
    expect(html).toContain('href="https://mcp.example.com/login-check">Start again</a>');
    expect(html).not.toContain('Provider said');
  });

  it('shows what the provider said as text, on one line, and not without end', () => {
    const providerSaid = `bad\u202e</code><script>\n${'x'.repeat(1000)}`;
    const { html } = loginCheckFailedPage({ ...options, providerSaid });
    expect(html).toContain('bad&lt;/code&gt;&lt;script&gt;');
    expect(html).not.toContain('\u202e');
    expect(html).not.toContain('x'.repeat(300));
  });
});
