import { describe, expect, it } from 'vitest';
import { hiddenFields } from './hidden-fields.ts';

describe('hiddenFields', () => {
  it('are inputs in the order they were given', () => {
    expect(hiddenFields({ b: '1"', a: '' }, []).toString()).toBe(
      '<input type="hidden" name="b" value="1&quot;"><input type="hidden" name="a" value="">',
    );
    expect(hiddenFields({}, ['action']).toString()).toBe('');
  });

  it('may not use the names of the form’s own controls', () => {
    expect(() => hiddenFields({ action: 'approve' }, ['action', 'sign_in'])).toThrow(TypeError);
    expect(() => hiddenFields({ sign_in: 'a' }, ['action', 'sign_in'])).toThrow(TypeError);
    expect(() => hiddenFields({ toString: 'a' }, ['action'])).not.toThrow();
  });
});
