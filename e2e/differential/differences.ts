/** Every difference between our issuer and the certified implementation, with its reason. The test fails on one that is missing, or gone. */
import type { Difference } from './difference.ts';
import { CLIENT_ASSERTION_DIFFERENCES } from './differences/client-assertions.ts';
import { CLIENT_DIFFERENCES } from './differences/clients.ts';
import { LOGIN_DIFFERENCES } from './differences/logins.ts';

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  ...CLIENT_DIFFERENCES,
  ...CLIENT_ASSERTION_DIFFERENCES,
  ...LOGIN_DIFFERENCES,
};
