// RFC 9700 §4.1: what the operator allows, looked at on every authorization and every refresh, whatever a registration proves.
import { OperatorError, type Problem } from '../../core/operator-error.ts';
import { Refusal } from '../../core/refusal.ts';
import {
  parseRedirectPattern,
  type RedirectPattern,
  redirectPatternAllows,
} from '../../protocol/redirect-pattern.ts';

export interface ClientPolicyOptions {
  /** Redirect URIs that may be used; they narrow what clients registered. Default: whatever was registered. */
  readonly allowedRedirectUris?: readonly string[];
  /** Redirect URIs that may not be used, whatever else allows them. Default none. */
  readonly deniedRedirectUris?: readonly string[];
  /** Client ids that may not be used. Default none. */
  readonly deniedClients?: readonly string[];
}

/** @throws OperatorError when a pattern can not be understood: a rule that is skipped would be open. */
export function clientPolicy(options: ClientPolicyOptions) {
  const problems: Problem[] = [];
  const parse = (setting: string, texts: readonly string[]) =>
    texts.flatMap((text) => understand(setting, text, problems));
  const allowed = options.allowedRedirectUris && parse('redirectUris.allow', options.allowedRedirectUris);
  const denied = parse('redirectUris.deny', options.deniedRedirectUris ?? []);
  if (problems.length > 0) throw new OperatorError(problems);
  const deniedClients = new Set(options.deniedClients);

  /** Why this client may not go there; `undefined` when it may. */
  function objection(clientId: string, redirectUri: string): Refusal | undefined {
    if (deniedClients.has(clientId)) return new Refusal('client.denied', { clientId });
    const denier = denied.find((pattern) => redirectPatternAllows(pattern, redirectUri));
    if (denier) return new Refusal('client.redirect-uri', { redirectUri, deniedBy: denier.text });
    if (allowed && !allowed.some((pattern) => redirectPatternAllows(pattern, redirectUri))) {
      return new Refusal('client.redirect-uri', {
        redirectUri,
        allowedOnly: allowed.map((pattern) => pattern.text),
      });
    }
    return undefined;
  }
  return { objection };
}

export type ClientPolicy = ReturnType<typeof clientPolicy>;

function understand(setting: string, text: string, problems: Problem[]): RedirectPattern[] {
  const pattern = parseRedirectPattern(text);
  if (typeof pattern !== 'string') return [pattern];
  const remedy =
    'Write an address such as https://app.example.com/callback, https://*.example.com/auth/* or http://localhost:*.';
  problems.push({
    setting,
    source: 'configuration',
    message: `The pattern "${text}" can not be understood (${pattern}).`,
    remedy,
  });
  return [];
}
