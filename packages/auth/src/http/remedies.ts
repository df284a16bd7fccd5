import type { Refusal } from '../core/refusal.ts';
import type { RefusalReason } from '../core/refusal-reasons.ts';

const START_AGAIN = 'Go back to the application and connect again.';
const ASK_OPERATOR = 'If it happens again, tell the operator of this server the incident id below.';

const REMEDIES: Partial<Record<RefusalReason, readonly string[]>> = {
  'client.unknown': [
    'Remove this server from the application, and add it again: the application then registers anew.',
    'In Claude Code: claude mcp logout, then log in again. In VS Code: "MCP: List Servers", then disconnect the account. In mcp-remote: delete its saved sign-in.',
  ],
  'client.redirect-uri': [
    'Remove this server from the application, and add it again: its registration names other addresses than the one it asks for now.',
    'If you run this server: look at the setting redirectUris, which may forbid the address.',
  ],
  'client.denied': ['The operator of this server does not let this application in.', ASK_OPERATOR],
  'client.metadata-invalid': [
    'The application publishes a description of itself that is not acceptable here. Tell its makers.',
    ASK_OPERATOR,
  ],
  'client.metadata-unreachable': [
    'Try again in a minute.',
    'If you run this server without a way out to the network: see the setting cimd.',
  ],
  'authorization.expired': [START_AGAIN],
  'authorization.wrong-browser': [
    'Use the same browser window for all steps, and allow cookies for this address.',
    START_AGAIN,
  ],
  'authorization.cross-site': [START_AGAIN],
  'request.sign-in-elsewhere': [
    'Connect your client to the address of this server: it is sent to where people sign in, or it needs a token that its owner was given.',
  ],
  'sign-in.unknown-person': ['Sign in as somebody else.', ASK_OPERATOR],
  'sign-in.refused-by-provider': [
    'Try to sign in again, with an account that may use this server.',
    ASK_OPERATOR,
  ],
  'sign-in.provider-answer': [START_AGAIN, ASK_OPERATOR],
  'sign-in.provider-misconfigured': [
    'Tell the operator of this server: its settings at the identity provider need a look.',
  ],
};

/** What a person can do about a refusal, one sentence each. */
export function whatToDo(refusal: Refusal): readonly string[] {
  return REMEDIES[refusal.reason] ?? [START_AGAIN, ASK_OPERATOR];
}
