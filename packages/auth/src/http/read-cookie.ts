// RFC 6265bis §5.6: the cookies of a request, as the browser that keeps them understands their names.

/**
 * The value of a cookie. A name that comes twice counts as absent: one of the two is from somebody who may write less than we may, and
 * nothing tells which.
 */
export function readCookie(header: string | null, name: string): string | undefined {
  const found = pairsOf(header).filter((pair) => pair.name === name);
  return found.length === 1 ? found[0]!.value : undefined;
}

/** The names of everything that came, in order. */
export function cookieNames(header: string | null): readonly string[] {
  return pairsOf(header).map(({ name }) => name);
}

function pairsOf(header: string | null): readonly { readonly name: string; readonly value?: string }[] {
  return (header ?? '').split(';').map((part) => {
    const pair = part.replace(EDGES, '');
    const equals = pair.indexOf('=');
    return equals < 0 ? { name: pair } : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
}

/**
 * Space and tab alone. To a browser every other byte is part of the name, A0 too, which many take for a space; so a page of a neighbouring
 * host can set a cookie of such a name where `__Host-` keeps it from setting ours.
 */
const EDGES = /^[ \t]+|[ \t]+$/g;
