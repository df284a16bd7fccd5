import { describe, expect, it } from 'vitest';
import { ProviderFault } from './provider-fault.ts';
import { providerSettings } from './provider-settings.ts';
import { stopOf } from './provider-stop.ts';

const settings = providerSettings({ issuer: 'https://idp.example', clientId: 'c', issuerSetting: 'domain' });
const told = (kind: 'unavailable' | 'misconfigured', detail: Record<string, unknown>) =>
  stopOf(settings, new ProviderFault(kind, 'discovery', detail)).problems[0]!;

describe('a start that a provider stops', () => {
  it.each([
    ['ENOTFOUND', 'its name does not resolve, ENOTFOUND', 'outbound.proxy'],
    ['ECONNREFUSED', 'nobody listens there, or a proxy refuses, ECONNREFUSED', 'outbound.proxy'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'SELF_SIGNED_CERT_IN_CHAIN', 'outbound.ca'],
    ['CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED', 'renewed'],
    ['something new', 'something new', 'Check the address'],
  ])('says %s in words, and what to do', (why, words, remedy) => {
    const problem = told('unavailable', { why, status: 503 });
    expect(problem.setting).toBe('upstream.domain');
    expect(problem.message).toContain(`(discovery: ${words}; status 503)`);
    expect(problem.remedy).toContain(remedy);
  });

  it('says that an answer can not be used', () => {
    const problem = told('misconfigured', { why: 'no JSON object' });
    expect(problem.message).toContain('gave an answer that can not be used (discovery: no JSON object)');
    expect(problem.remedy).toContain('Compare issuer');
  });
});
