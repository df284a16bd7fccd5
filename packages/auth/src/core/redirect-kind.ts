/** Where an authorization code goes: a web site, a program on the person's own machine, or whatever answers to a scheme there. */
export type RedirectKind = 'https' | 'loopback' | 'custom-scheme';
