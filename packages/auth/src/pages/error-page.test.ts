import { describe, expect, it } from 'vitest';
import { errorPage } from './error-page.ts';

describe('errorPage', () => {
  const error = (whatToDo: string[]) =>
    errorPage({ status: 403, title: 'No', message: 'Not here.', whatToDo, incident: '7k2mq9x0ab' });

  it('has the status, the reason, what to do and the incident', () => {
    const { status, html } = error(['Try <again>.', 'Ask.']);
    expect(status).toBe(403);
    expect(html).toContain('<h1>No</h1>\n<p>Not here.</p>');
    expect(html).toContain('<li>Try &lt;again&gt;.</li><li>Ask.</li>');
    expect(html).toContain('<code>7k2mq9x0ab</code>');
  });

  it('has no empty list', () => {
    expect(error([]).html).not.toContain('What you can do');
  });
});
