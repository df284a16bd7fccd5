import type { RefusalReason } from './refusal-reasons.ts';

/**
 * Everything that audit and metrics can learn. No event holds a token, a code, a secret or a cookie: ids of sessions and clients,
 * reasons, and what was seen and expected. One union, so that a consumer is told by the compiler what it forgot.
 */
export type AuthEvent =
  | {
      readonly type: 'request.allowed';
      readonly resource: string;
      readonly subject: string;
      readonly clientId: string;
    }
  | {
      readonly type: 'request.refused';
      /** Where: `gate`, or the path of the endpoint. */
      readonly at: string;
      readonly incident: string;
      readonly reason: RefusalReason;
      readonly detail: Readonly<Record<string, unknown>>;
      readonly cause?: string;
    }
  | { readonly type: 'client.registered'; readonly clientId: string; readonly name?: string }
  | {
      readonly type: 'consent.approved' | 'consent.denied';
      readonly clientId: string;
      readonly redirectHost: string;
    }
  | {
      /** Nobody was asked: the mode says so, or this browser approved the same before. */
      readonly type: 'consent.skipped';
      readonly clientId: string;
      readonly redirectHost: string;
      readonly mode: string;
    }
  | {
      /** `login-check.completed`: no client was there, and nothing was kept. */
      readonly type: 'sign-in.completed' | 'login-check.completed';
      readonly signIn: string;
      readonly issuer: string;
      readonly subject: string;
      readonly username?: string;
      readonly usernameRule?: string;
    }
  | {
      readonly type: 'session.started';
      readonly sessionId: string;
      readonly clientId: string;
      readonly issuer: string;
      readonly subject: string;
      readonly resource: string;
      readonly scopes: readonly string[];
    }
  | {
      readonly type: 'session.refreshed';
      readonly sessionId: string;
      readonly generation: number;
      readonly how: 'rotated' | 'repeated' | 'caught-up';
      readonly address?: string;
      readonly userAgent?: string;
    }
  | {
      readonly type: 'session.ended';
      readonly sessionId: string;
      readonly why:
        | 'revoked'
        | 'refresh-reused'
        | 'code-replayed'
        | 'upstream-ended'
        | 'expired'
        | 'no-longer-configured';
    }
  | { readonly type: 'token.revoked'; readonly sessionId: string; readonly jti: string }
  | { readonly type: 'upstream.refreshed'; readonly sessionId: string; readonly signIn: string }
  | {
      readonly type: 'upstream.failed';
      readonly signIn: string;
      readonly operation: string;
      readonly kind: 'unavailable' | 'misconfigured' | 'ended' | 'invalid';
      readonly detail: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'store.record-unreadable';
      readonly kind: string;
      readonly key: string;
      readonly detail: string;
    }
  | { readonly type: 'keys.rotated'; readonly purpose: string; readonly kid: string }
  | {
      readonly type: 'notice';
      readonly message: string;
      readonly detail?: Readonly<Record<string, unknown>>;
    };

/** Told of every event, at once; must not throw, and must not keep the caller waiting. */
export type EventSink = (event: AuthEvent) => void;

export const ignoreEvents: EventSink = () => {};
