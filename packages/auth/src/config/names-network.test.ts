import { describe, expect, it } from 'vitest';
import { memoryFiles } from './memory-files.ts';
import { OUTBOUND_ROWS } from './names-network.ts';

const context = { folder: '/', files: memoryFiles() };
const proxy = (raw: string) => OUTBOUND_ROWS['outbound.proxy'].type.read(raw, context);

describe('the way out', () => {
  it('may lead through a proxy with credentials', () => {
    for (const url of ['http://proxy.example:3128', 'https://user:pass@proxy.example', 'http://127.0.0.1:1'])
      expect(proxy(url)).toEqual({ value: url });
  });

  it.each(['socks5://proxy.example', 'proxy.example:3128', 'http://', 'http://a b'])('refuses %s', (url) => {
    expect(proxy(url)).toHaveProperty('fault');
  });

  it('is never shown with its password', () => {
    expect(OUTBOUND_ROWS['outbound.proxy'].secret).toBe(true);
  });
});
