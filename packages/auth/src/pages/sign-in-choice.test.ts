import { describe, expect, it } from 'vitest';
import { signInChoice } from './sign-in-choice.ts';

const show = (...titles: string[]) =>
  signInChoice(titles.map((title, index) => ({ id: `id"${index}`, title }))).toString();

describe('the choice of a sign-in', () => {
  it('is none where there is none, and asks nothing where there is one', () => {
    expect(show()).toBe('');
    expect(show('Only')).toBe('<input type="hidden" name="sign_in" value="id&quot;0">');
  });

  it('is made by the person where there are several, the first being chosen beforehand', () => {
    const choice = show('<Corp>', 'Guests');
    expect(choice).toContain('<legend>Sign in with</legend>');
    expect(choice.match(/type="radio" name="sign_in" value="id&quot;\d" required/g)).toHaveLength(2);
    expect(choice.match(/ checked>/g)).toHaveLength(1);
    expect(choice).toMatch(/value="id&quot;0" required checked>\s*<span>&lt;Corp&gt;/);
  });
});
