/** Edit distance where a swap of neighbours counts once (optimal string alignment): how far a typing mistake is from a name. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, current[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length]!;
}

const MAX_NAME_LENGTH = 80;

/**
 * The known name that was probably meant: the nearest, when it is near enough, else one that ends or begins with what was written.
 * Case, `_`, `-` and `.` are not looked at.
 */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  if (written.length > MAX_NAME_LENGTH) return undefined;
  const plain = simplify(written);
  const ranked = known
    .map((name) => ({ name, distance: editDistance(plain, simplify(name)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best && best.distance <= Math.max(1, Math.floor(plain.length / 4))) return best.name;
  const last = simplify(written.split(/[._]/).at(-1) ?? '');
  const related = known.filter((name) => {
    const other = simplify(name);
    return plain.length >= 4 && (other.endsWith(plain) || other.startsWith(plain));
  });
  const sameEnd = last.length >= 4 ? known.filter((name) => simplify(name).endsWith(last)) : [];
  return [...related, ...sameEnd].sort((a, b) => a.length - b.length)[0];
}

/** What else people call a value. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  entra: 'azure',
  entraid: 'azure',
  aad: 'azure',
  azuread: 'azure',
  microsoft: 'azure',
  cognito: 'aws',
  awscognito: 'aws',
  authkit: 'workos',
};

/** The value that was probably meant, of those that there are. */
export function nearestValue(written: string, values: readonly string[]): string | undefined {
  const plain = simplify(written.slice(0, MAX_NAME_LENGTH)).replaceAll(/\s/g, '');
  const other = Object.hasOwn(ALSO_CALLED, plain) ? ALSO_CALLED[plain] : undefined;
  return other !== undefined && values.includes(other) ? other : nearestName(written, values);
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[._-]/g, '');
}
