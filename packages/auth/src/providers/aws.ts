import { checkAudience } from '../verify/token-rules.ts';
import type { Preset, PresetInput } from './preset.ts';

/** The endpoints are on another host than the issuer: discovery finds them. */
const issuerOf = ({ options: { userPoolId = '' } }: PresetInput) =>
  `https://cognito-idp.${userPoolId.split('_')[0]}.amazonaws.com/${userPoolId}`;

export const aws: Preset = {
  id: 'aws',
  title: 'Amazon Cognito',
  clientSecret: 'optional',
  remoteNeeds: ['clientId'],
  options: {
    userPoolId: {
      console: 'User pools › your pool › Overview › User pool ID',
      example: 'eu-central-1_Ab12Cd34E',
      required: true,
      pattern: /^[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{1,64}$/,
    },
    region: {
      console: 'The region in the upper right corner; the id of the pool starts with it',
      example: 'eu-central-1',
      required: false,
      pattern: /^[a-z]{2}(?:-[a-z]+)+-\d$/,
    },
  },
  clientsRegister: false,
  modes: ['proxy', 'remote'],
  conflicts: ({ options: { region, userPoolId } }) =>
    region === undefined || userPoolId === undefined || userPoolId.startsWith(`${region}_`)
      ? []
      : [
          {
            option: 'region',
            message: 'The user pool is in another region.',
            remedy: 'Leave it out: the id of the pool starts with its region.',
          },
        ],
  // A refresh token comes without being asked for, and `offline_access` would be refused.
  proxy: (input) => ({
    issuer: issuerOf(input),
    scopes: ['openid', 'profile', 'email'],
    groupsClaim: 'cognito:groups',
    logoutReturnParameter: 'logout_uri',
  }),
  remote: (input) => ({
    authorizationServers: [issuerOf(input)],
    verifier: {
      kind: 'jwt',
      issuer: issuerOf(input),
      keys: { jwksUri: `${issuerOf(input)}/.well-known/jwks.json` },
      // Access tokens name the client, and an audience only where a client asked for a resource: then they are for that alone.
      audience: 'none',
      shapeClaims(claims) {
        if (claims.aud !== undefined) checkAudience(claims.aud, undefined, input.resource);
        return claims;
      },
      claims: { token_use: 'access', client_id: input.clientId },
      groupsClaim: 'cognito:groups',
    },
    forwardMetadata: `${issuerOf(input)}/.well-known/openid-configuration`,
  }),
  yields: {
    identity: '`sub`',
    email: '`email`',
    emailVerified: '`email_verified`',
    name: '`name`',
    groups: '`cognito:groups`',
  },
  documentation: 'https://docs.aws.amazon.com/cognito/latest/developerguide/',
};
