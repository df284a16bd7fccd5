/** PostgreSQL 4.1.1: a quoted identifier, exact in case and spelling. */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0') || name === '') throw new TypeError('Not an identifier.');
  return `"${name.replaceAll('"', '""')}"`;
}

/** PostgreSQL 4.1.2.1: a string constant that means the same whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new TypeError('A string constant can not hold a NUL.');
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}
