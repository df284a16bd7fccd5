import { OperatorError } from '../core/operator-error.ts';
import type { ProviderFault } from './provider-fault.ts';
import { type ProviderSettings, settingProblem } from './provider-settings.ts';

/** What the runtime says of a certificate whose authority it does not know. */
const UNKNOWN_AUTHORITY = /SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA/;
/** And of one that is over, not yet good, or for another name. */
const BAD_CERTIFICATE = /CERT_|ERR_TLS/;

function remedyOf({ detail }: ProviderFault): string {
  const why = typeof detail.why === 'string' ? detail.why : '';
  if (UNKNOWN_AUTHORITY.test(why))
    return 'Name the authority of its certificate among those that this server trusts (`outbound.ca`), or have the provider show its whole chain.';
  if (BAD_CERTIFICATE.test(why)) return 'Use the address that its certificate is for, or have it renewed.';
  return 'Check the address and the network (behind a proxy: `outbound.proxy`), or start again when it is back.';
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name does not resolve',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNREFUSED: 'nobody listens there, or a proxy refuses',
  EHOSTUNREACH: 'there is no way there',
  ENETUNREACH: 'there is no way there',
};

/** The operating system's word for it too: it is what people search for. */
function inWords({ detail }: ProviderFault): string {
  const { why, ...rest } = detail;
  const known = typeof why === 'string' ? WORDS[why] : undefined;
  const text = known === undefined ? String(why ?? '') : `${known}, ${String(why)}`;
  const others = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [text, ...others].filter((part) => part !== '').join('; ');
}

/** Why there is no start, and what the operator can do about it. */
export function stopOf(settings: ProviderSettings, fault: ProviderFault): OperatorError {
  const away = fault.kind === 'unavailable';
  const detail = inWords(fault);
  return new OperatorError(
    [
      settingProblem(
        settings,
        settings.issuerSetting,
        away
          ? `The identity provider ${settings.issuer} can not be reached (${fault.operation}: ${detail}), and there is no copy of what it said before.`
          : `The identity provider ${settings.issuer} gave an answer that can not be used (${fault.operation}: ${detail}).`,
        away ? remedyOf(fault) : 'Compare issuer, discovery and endpoints with what the provider documents.',
      ),
    ],
    { cause: fault },
  );
}
