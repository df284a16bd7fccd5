import { describe, expect, it } from 'vitest';
import { STYLESHEET } from './stylesheet.ts';

describe('the style sheet', () => {
  it('loads nothing from anywhere, and can not end its element early', () => {
    expect(STYLESHEET).not.toMatch(/url\(|@import|@font-face|</);
  });

  it('has a dark side with a value for every colour of the light one', () => {
    const colours = (block: string) => [...block.matchAll(/(--[\w-]+):/g)].map((match) => match[1]);
    const [light = '', dark = ''] = [...STYLESHEET.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1]!);
    expect(colours(light).length).toBeGreaterThan(10);
    expect(colours(dark)).toEqual(colours(light));
  });
});
