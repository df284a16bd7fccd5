import type { EventSink } from '../core/events.ts';
import { newIncidentId } from '../core/incident.ts';
import type { Random } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';

/** What was told to the log, for the answer to be made from. */
export interface ReportedRefusal {
  readonly refusal: Refusal;
  /** The id that the log and the answer share. */
  readonly incident: string;
}

/** Tells of a refusal, with an incident id of its own. Whatever is no refusal counts as a fault of ours. `at`: where it happened. */
export function reportRefusal(
  error: unknown,
  at: string,
  { random, onEvent }: { readonly random: Random; readonly onEvent: EventSink },
): ReportedRefusal {
  const refusal = error instanceof Refusal ? error : new Refusal('internal.fault', {}, { cause: error });
  const incident = newIncidentId(random);
  const { reason, detail } = refusal;
  onEvent({ type: 'request.refused', at, incident, reason, detail, cause: causeOf(refusal) });
  return { refusal, incident };
}

/** What a refusal was caused by, for the log. */
export function causeOf(refusal: Refusal): string | undefined {
  if (refusal.cause === undefined) return undefined;
  if (!(refusal.cause instanceof Error)) return String(refusal.cause);
  return refusal.reason === 'internal.fault'
    ? (refusal.cause.stack ?? String(refusal.cause))
    : `${refusal.cause.name}: ${refusal.cause.message}`;
}
