import type { AuthEvent, EventSink } from '@portcullis/auth/core/events';
import { REFUSALS } from '@portcullis/auth/core/refusal-reasons';
import type { Logger, LogLevel } from './logger.ts';

interface Line {
  readonly level: LogLevel;
  readonly message: string;
}

/** Writes each event as one line. A refusal's line has the incident id that the client saw, the reason, and what was seen and expected. */
export function logEvents(logger: Logger): EventSink {
  return (event) => {
    // Every request of every client: nothing is put together for a line that nobody reads.
    if (event.type === 'request.allowed' && !logger.isEnabled('debug')) return;
    try {
      const { type, ...fields } = event;
      const { level, message } = lineOf(event);
      const rest = event.type === 'notice' ? event.detail : fields;
      logger[level](message, { event: type, ...rest });
    } catch {
      // A sink must not throw: who asked is answered even when the log can not be written.
    }
  };
}

function lineOf(event: AuthEvent): Line {
  switch (event.type) {
    case 'request.allowed':
      return { level: 'debug', message: 'request allowed' };
    case 'request.refused':
      return { level: refusalLevel(event), message: `refused, incident ${event.incident}: ${event.reason}` };
    case 'client.registered':
      return { level: 'info', message: 'client registered' };
    case 'consent.approved':
      return { level: 'info', message: 'a person approved a client' };
    case 'consent.skipped':
      return { level: 'info', message: 'a client was let on without asking' };
    case 'consent.denied':
      return { level: 'info', message: 'a person denied a client' };
    case 'sign-in.completed':
      return { level: 'info', message: 'a person signed in' };
    case 'login-check.completed':
      return { level: 'info', message: 'a person checked their login' };
    case 'session.started':
      return { level: 'info', message: 'session started' };
    case 'session.refreshed':
      return {
        level: event.how === 'caught-up' ? 'warn' : 'info',
        message: `session refreshed (${event.how})`,
      };
    case 'session.ended':
      return { level: isAlarm(event.why) ? 'warn' : 'info', message: `session ended: ${event.why}` };
    case 'token.revoked':
      return { level: 'info', message: 'token revoked' };
    case 'upstream.refreshed':
      return { level: 'debug', message: 'tokens of the identity provider refreshed' };
    case 'upstream.failed':
      return {
        level: event.kind === 'ended' ? 'info' : event.kind === 'invalid' ? 'warn' : 'error',
        message: `the identity provider failed: ${event.kind}`,
      };
    case 'store.record-unreadable':
      return { level: 'error', message: 'a record of the store can not be read' };
    case 'keys.rotated':
      return { level: 'info', message: 'key rotated' };
    case 'notice':
      return { level: 'info', message: event.message };
    default:
      return unknownEvent(event);
  }
}

/** Only the operator can mend 503; a first call without a token is how every client begins. */
function refusalLevel(event: Extract<AuthEvent, { type: 'request.refused' }>): LogLevel {
  if (REFUSALS[event.reason].status === 503) return 'error';
  return event.reason === 'token.absent' || event.reason === 'request.not-found' ? 'info' : 'warn';
}

function isAlarm(why: string): boolean {
  return why === 'refresh-reused' || why === 'code-replayed';
}

/** The compiler sees to it that no event comes here. */
function unknownEvent(event: never): Line {
  return { level: 'warn', message: `unknown event ${String((event as { type?: unknown }).type)}` };
}
