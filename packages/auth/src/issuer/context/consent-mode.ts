/**
 * `always`: our own page asks each time. `remember`: not again in a browser that approved the same client, address, resource and scopes
 * (over https, and when no other site sent it here). `external`: somebody else asks before us or after us, such as the provider. `off`:
 * nobody asks; only where the places that browsers are sent to are limited (docs/decisions/0007-consent-that-is-not-asked-again.md).
 */
export type ConsentMode = 'always' | 'remember' | 'external' | 'off';
