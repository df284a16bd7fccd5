import { Refusal } from '../core/refusal.ts';
import { REFUSALS } from '../core/refusal-reasons.ts';

/** May a stream stay open? When nobody can tell, it stays: it ends with its token at the latest, or when the state can be read again. */
export async function stillAdmitted(admit: () => unknown): Promise<boolean> {
  try {
    await admit();
    return true;
  } catch (error) {
    return error instanceof Refusal && REFUSALS[error.reason].status === 503;
  }
}
