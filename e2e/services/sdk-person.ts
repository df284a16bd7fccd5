import type { Connection, ConnectOptions } from '../clients/connection.ts';
import type { ScriptedBrowser } from '../clients/scripted-browser.ts';
import { sdkSignIn } from '../clients/sdk-sign-in.ts';
import { connectSdkV2 } from '../clients/sdk-v2.ts';

export interface SdkPerson extends Connection {
  /** What the client keeps. Altered, it is what the client has at its next request. */
  readonly signIn: ReturnType<typeof sdkSignIn>;
}

/** A client of the SDK v2 whose person uses this browser. */
export async function connectPerson(
  mcpUrl: string,
  browser: ScriptedBrowser,
  identification?: ConnectOptions['identification'],
): Promise<SdkPerson> {
  let answer: URLSearchParams | undefined;
  const signIn: ReturnType<typeof sdkSignIn> = {
    ...sdkSignIn({ mcpUrl, person: 'nobody', ...(identification && { identification }) }),
    async redirectToAuthorization(url: URL) {
      answer = (await browser.walk(url.href)).searchParams;
    },
    answer() {
      if (!answer) throw new Error('The SDK sent nobody to the browser.');
      return answer;
    },
  };
  const connection = await connectSdkV2({ mcpUrl, signIn, mode: 'auto' });
  return { ...connection, signIn };
}
