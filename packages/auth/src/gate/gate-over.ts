import type { Gate } from '../core/passage.ts';

/** A name behind so many escapes is no name any more. */
const MAX_DECODINGS = 3;

/**
 * Finds the gate of whatever a router might take a path for: in any case, escaped, with slashes doubled or turned, with dots, with a
 * fragment, or something below the resource. Routers differ; so this says yes too often rather than once too seldom, and of two resources
 * it means the narrower one.
 */
export function gateOver(gates: ReadonlyMap<string, Gate>): (path: string) => Gate | undefined {
  const byName = new Map([...gates].map(([path, gate]) => [nameOf(segmentsOf(path)), gate]));
  const longest = Math.max(...[...gates.keys()].map((path) => segmentsOf(path).length));
  return (path) => {
    let nearest: Gate | undefined;
    let depth = -1;
    for (const segments of readings(path)) {
      for (let length = Math.min(segments.length, longest); length > depth; length -= 1) {
        const gate = byName.get(nameOf(segments.slice(0, length)));
        if (!gate) continue;
        nearest = gate;
        depth = length;
      }
    }
    return nearest;
  };
}

function* readings(path: string): Generator<readonly string[]> {
  let text = path;
  for (let decodings = 0; decodings <= MAX_DECODINGS; decodings += 1) {
    const segments = segmentsOf(text);
    yield segments;
    yield withoutDots(segments);
    const decoded = decodeAscii(text);
    if (decoded === text) return;
    text = decoded;
  }
}

function segmentsOf(path: string): readonly string[] {
  return path
    .replace(/[?#].*$/s, '')
    .toLowerCase()
    .split(/[\\/]+/)
    .filter((segment) => segment !== '');
}

/** RFC 3986 §5.2.4. */
function withoutDots(segments: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  return kept;
}

/** Paths of resources are ASCII; what else is escaped belongs to none. */
function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function nameOf(segments: readonly string[]): string {
  return `/${segments.join('/')}`;
}
