import { cognitoLocal } from './cognito/cognito-local.ts';
import { dex } from './dex/dex.ts';
import { keycloak } from './keycloak/keycloak.ts';
import { oidcProvider } from './oidc-provider/oidc-provider.ts';
import type { Service } from './service.ts';

/** Every server there is a suite for, by the name of its folder. */
export const SERVICES: Readonly<Record<string, Service>> = {
  'oidc-provider': oidcProvider,
  keycloak,
  cognito: cognitoLocal,
  dex,
};
