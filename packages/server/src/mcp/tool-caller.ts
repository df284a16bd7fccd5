import type { AuthInfo, ServerContext } from '@modelcontextprotocol/server';
import type { Caller } from '@portcullis/auth/core/identity';
import type { ActingAs } from '../sql/database.ts';
import { DatabaseError } from '../sql/database-error.ts';

/** Who the gate let in: it hands the caller on in `authInfo.extra.caller`. Without a gate there is nobody, and no tool runs. */
export function callerOf(context: Pick<ServerContext, 'http'>): Caller {
  const caller = readCaller(context.http?.authInfo);
  if (!caller)
    throw new Error('A tool was called without a caller: the gate is not in front of this server.');
  return caller;
}

function readCaller(authInfo: AuthInfo | undefined): Caller | undefined {
  const caller = authInfo?.extra?.caller as Partial<Caller> | undefined;
  const identity = caller?.identity;
  if (typeof identity?.issuer !== 'string' || typeof identity.subject !== 'string') return undefined;
  return caller as Caller;
}

/** Which database user a caller is. */
export type Identify = (caller: Caller) => ActingAs;

/** The person, by the name that the resolver found at sign-in; nobody else when it found none. */
export const identifyPerson: Identify = (caller) => {
  const { username } = caller.identity;
  if (username === undefined)
    throw new DatabaseError(
      'person',
      'You are signed in, but this server found no database user for you. Ask its operator which claim names it.',
      { detail: { issuer: caller.identity.issuer, subject: caller.identity.subject } },
    );
  return { kind: 'person', username };
};

/** Everybody as the service account: for operators who want no impersonation, and say so. */
export const identifyService: Identify = () => ({ kind: 'service' });
