import { afterEach, describe, expect, it } from 'vitest';
import { type HuggingFaceOptions, startHuggingFace } from '../../../../testing/providers/huggingface.ts';
import { huggingface } from './huggingface.ts';
import { callbackUrl, openPreset } from './stand-in-sign-in.contract.ts';

const standIns: Awaited<ReturnType<typeof startHuggingFace>>[] = [];
afterEach(async () => {
  for (const standIn of standIns.splice(0)) await standIn.close();
});

async function open(options: HuggingFaceOptions, organizations?: string) {
  const standIn = await startHuggingFace({ addresses: 'real', redirectUris: [callbackUrl], ...options });
  standIns.push(standIn);
  return openPreset(huggingface, standIn, { ...standIn.consoleValues, options: { organizations } });
}

describe('Hugging Face', () => {
  it.each([{}, { publicClient: true }])('signs in and refreshes: %j', async (options) => {
    const { door, signIn, authorization } = await open(options);
    const url = await authorization();
    expect(`${url.origin}${url.pathname}`).toBe('https://huggingface.co/oauth/authorize');
    expect(url.searchParams.get('scope')).toBe('openid profile email');
    const { identity, upstream } = await signIn('alice');
    expect(identity).toEqual({
      issuer: 'https://huggingface.co',
      subject: '62f264b9f3c90f4b6514a269',
      name: 'Alice Adams',
      email: 'alice@acme.example',
      emailVerified: true,
      groups: ['acme', 'open-models'],
    });
    const refreshed = await door.refresh!(upstream!);
    expect(refreshed.refreshToken).not.toBe(upstream!.refreshToken);
    await expect(door.refresh!(upstream!)).rejects.toMatchObject({ reason: 'grant.upstream-ended' });
  });

  it('lets in only members of the organisations', async () => {
    const { signIn } = await open({}, 'acme, other');
    expect((await signIn('alice')).identity.subject).toBe('62f264b9f3c90f4b6514a269');
    await expect(signIn('bob')).rejects.toMatchObject({ reason: 'sign-in.unknown-person' });
  });
});
