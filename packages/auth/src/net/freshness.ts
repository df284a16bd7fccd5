// RFC 9111 §4.2.1 and §5.2.2: for how long an answer may be used again.

/** Seconds; `fallback` when the answer says nothing that can be understood. */
export function freshForSeconds(headers: Headers, fallback: number): number {
  const control = headers.get('cache-control')?.toLowerCase() ?? '';
  const directives = new Map(
    control.split(',').map((part): [string, string] => {
      const [name = '', value = ''] = part.trim().split('=');
      return [name, value.replaceAll('"', '')];
    }),
  );
  if (directives.has('no-store') || directives.has('no-cache')) return 0;
  const age = seconds(headers.get('age')) ?? 0;
  const maxAge = seconds(directives.get('max-age'));
  if (maxAge !== undefined) return Math.max(0, maxAge - age);
  if (directives.has('max-age')) return 0;
  const expires = headers.get('expires');
  if (expires === null) return fallback;
  // §5.3: a date that can not be read means the answer has already expired.
  const lifetime = Date.parse(expires) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(lifetime) ? Math.max(0, lifetime / 1000 - age) : 0;
}

function seconds(text: string | null | undefined): number | undefined {
  return text && /^\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}
