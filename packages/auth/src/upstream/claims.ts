/** What a provider says of a person: claims of an ID token, members of a userinfo answer. */
export type Claims = Readonly<Record<string, unknown>>;
