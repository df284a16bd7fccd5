/** The longest sealed form that is read, in characters: the largest authorization request there can be, sealed, with room. */
export const MAX_SEALED_LENGTH = 32_768;
