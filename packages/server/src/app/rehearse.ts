import { identityPlan } from '@portcullis/auth/config/identity-plan';
import { OperatorError, type Problem } from '@portcullis/auth/core/operator-error';
import { systemRandom } from '@portcullis/auth/core/random';
import { developmentPeople } from '@portcullis/auth/sign-in/development-people';
import type { SignIn } from '@portcullis/auth/sign-in/sign-in';
import { memoryStore } from '@portcullis/auth/store/memory';
import type { Settings } from '../settings/names.ts';
import { parsePostgresUrl } from '../sql/postgres-address.ts';
import { openAuth } from './open-auth.ts';

/** What the library calls otherwise than the operator. */
const NAMES: Readonly<Record<string, string>> = {
  identifier: 'issuerUrl',
  resources: 'resource.url',
  signIns: 'moreProviders',
  verifiers: 'moreVerifiers',
};

/**
 * Puts everything together as at the start, without asking a provider, opening the state or listening: what the start would refuse of the
 * settings is found. @throws OperatorError
 */
export async function rehearse(settings: Settings): Promise<void> {
  const { url: place } = settings.database;
  if (place.kind === 'postgres') parsePostgresUrl(place.url);
  try {
    const standIns = settings.auth ? signInsOf(settings) : [];
    const state = {
      store: memoryStore(),
      masterSecret: { bytes: systemRandom.bytes(32) },
      masterSecretOrigin: { setting: 'secret', source: 'settings' },
    };
    const factories = standIns.map((each) => async () => each);
    const auth = await openAuth(settings, standIns.length > 0 ? state : undefined, () => {}, factories);
    await auth.close();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(error.problems.map(named), { cause: error });
  }
}

function named(problem: Problem): Problem {
  return { ...problem, setting: NAMES[problem.setting] ?? problem.setting };
}

/** Development people as they are, and in place of each provider one that nobody signs in at. */
function signInsOf(settings: Settings): readonly SignIn[] {
  const { developmentPeople: people } = settings;
  const providers = identityPlan(settings).proxies.map(
    ({ id = 'upstream', title = id, callbackName }): SignIn => ({
      id,
      title,
      ...(callbackName === undefined ? {} : { callbackName }),
      accepts: () => false,
      start: nobody,
      finish: nobody,
    }),
  );
  return [...providers, ...(people.length > 0 ? [developmentPeople({ people })] : [])];
}

function nobody(): Promise<never> {
  return Promise.reject(new Error('nobody signs in while settings are looked at'));
}
