/**
 * `always`: our own page asks each time. `remember`: not again in a browser in which the same person approved the same client, address,
 * resource and scopes; for listed clients and those with a metadata document, at https addresses. `external`: somebody else asks. `off`:
 * nobody asks. The last two only where the places that browsers are sent to are limited (docs/decisions/0007-consent-that-is-not-asked-again.md).
 */
export type ConsentMode = 'always' | 'remember' | 'external' | 'off';
