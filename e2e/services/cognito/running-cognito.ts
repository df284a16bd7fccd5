import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '../../servers/child-program.ts';
import { freePort } from '../../servers/free-port.ts';
import { temporaryFolder } from '../../servers/temporary-folder.ts';

export const USER_POOL_ID = 'eu-central-1_Ab12Cd34E';
export const PASSWORD = 'Correct-horse-1';
const REAL_HOST = 'https://cognito-idp.eu-central-1.amazonaws.com';
/** The issuer of the pool, as Amazon writes it. */
export const ISSUER = `${REAL_HOST}/${USER_POOL_ID}`;

export interface RunningCognito {
  readonly url: string;
  /** Where a request for the real address goes. */
  reach(url: string): string;
  /** A call of the administration, by its name at Amazon. Throws unless it worked. */
  call(name: string, parameters: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** A public client of the pool; its id. */
  addClient(callbackUrl: string): Promise<string>;
  /** A person in groups; the `sub`. */
  addPerson(email: string, groups: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** The emulator with one user pool, whose tokens name the issuer that a real pool has. */
export async function startCognito(program: string): Promise<RunningCognito> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const folder = temporaryFolder();
  writeJson(join(folder, '.cognito', 'config.json'), { TokenConfig: { IssuerDomain: REAL_HOST } });
  writeJson(join(folder, '.cognito', 'db', `${USER_POOL_ID}.json`), {
    Users: {},
    Options: { Id: USER_POOL_ID, Name: 'acme', UsernameAttributes: ['email'] },
  });
  const child = startProgram({
    args: [program],
    env: { PATH: process.env.PATH ?? '', HOME: folder, PORT: String(port) },
    folder,
  });
  await child.line('out', /Cognito Local running/, 60);

  const call: RunningCognito['call'] = async (name, parameters) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-target': `AWSCognitoIdentityProviderService.${name}`,
        'content-type': 'application/x-amz-json-1.1',
      },
      body: JSON.stringify({ UserPoolId: USER_POOL_ID, ...parameters }),
    });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  return {
    url,
    reach: (address) => address.replace(REAL_HOST, url),
    call,
    async addClient(callbackUrl) {
      const { UserPoolClient: made } = await call('CreateUserPoolClient', {
        ClientName: 'mcp',
        CallbackURLs: [callbackUrl],
      });
      return (made as { ClientId: string }).ClientId;
    },
    async addPerson(email, groups) {
      const { User: made } = await call('AdminCreateUser', {
        Username: email,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      });
      await call('AdminSetUserPassword', { Username: email, Password: PASSWORD, Permanent: true });
      for (const GroupName of groups) {
        await call('CreateGroup', { GroupName });
        await call('AdminAddUserToGroup', { Username: email, GroupName });
      }
      const { Attributes } = made as { Attributes: readonly { Name: string; Value: string }[] };
      return Attributes.find(({ Name }) => Name === 'sub')!.Value;
    },
    stop: async () => void (await child.stop()),
  };
}

function writeJson(path: string, value: unknown): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, JSON.stringify(value));
}
