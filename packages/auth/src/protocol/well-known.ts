// RFC 8615 §3: well-known addresses, for things that have a path themselves.

/** The name between host and path (RFC 8414 §3.1, RFC 9728 §3.1); of a path that is nothing but slashes, the bare name. */
export function insertedWellKnown(name: string, path: string): string {
  return `/.well-known/${name}${withoutLastSlash(path)}`;
}

/** The name after the path, as OpenID Connect Discovery §4.1 puts it. */
export function appendedWellKnown(name: string, path: string): string {
  return `${withoutLastSlash(path)}/.well-known/${name}`;
}

function withoutLastSlash(path: string): string {
  return path.replace(/(?<!\/)\/+$/, '');
}
