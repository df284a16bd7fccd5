import { describe, expect, it } from 'vitest';
import { html, trusted } from './markup.ts';

describe('html', () => {
  it('escapes what is text and keeps what is markup', () => {
    const inner = html`<b>${'<&"\'>'}</b>`;
    expect(html`<p title="${'"'}">${inner}</p>`.toString()).toBe(
      '<p title="&quot;"><b>&lt;&amp;&quot;&#39;&gt;</b></p>',
    );
  });

  it('joins lists, of lists too, and leaves out what is absent', () => {
    expect(html`${['<', [html`<br>`, 1], undefined, false]}`.toString()).toBe('&lt;<br>1');
  });

  it('keeps carriage returns, and shows what HTML can not hold as U+FFFD', () => {
    expect(html`${'a\r\n<\rb'}`.toString()).toBe('a&#13;\n&lt;&#13;b');
    expect(html`${'\0\ud800x'}`.toString()).toBe('\uFFFD\uFFFDx');
    expect(html`${'👍'}`.toString()).toBe('👍');
  });

  it('takes constants as they are', () => {
    expect(html`${trusted('<hr>')}`.toString()).toBe('<hr>');
  });
});
