import { describe, expect, it } from 'vitest';
import { Refusal } from '../core/refusal.ts';
import { whatToDo } from './remedies.ts';

describe('what a person can do', () => {
  it('[E2] names the client entry to remove and the setting to change', () => {
    expect(whatToDo(new Refusal('client.unknown')).join(' ')).toMatch(
      /Remove this server from the application/,
    );
    expect(whatToDo(new Refusal('client.redirect-uri')).join(' ')).toMatch(/setting redirectUris/);
    expect(whatToDo(new Refusal('client.metadata-unreachable')).join(' ')).toMatch(/setting cimd/);
  });

  it('[E2] has a next step for everything else', () => {
    expect(whatToDo(new Refusal('internal.fault')).length).toBe(2);
  });
});
