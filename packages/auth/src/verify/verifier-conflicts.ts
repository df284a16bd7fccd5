import type { Problem } from '../core/operator-error.ts';
import type { TokenForms } from './token-forms.ts';
import type { Verifier } from './verifier.ts';

/**
 * Verifiers that would wait for tokens in vain, because one before them takes the same and shows them to somebody: an opaque token does
 * not say whose it is, and must not be carried from provider to provider until one knows it.
 */
export function verifierConflicts(verifiers: readonly Verifier[], setting = 'verifiers'): readonly Problem[] {
  const final = verifiers.filter((verifier) => !verifier.local && verifier.takes);
  return final.flatMap((later, at) =>
    final.slice(0, at).flatMap((earlier) => {
      const what = commonForms(earlier.takes!, later.takes!);
      if (what === undefined) return [];
      return {
        setting,
        source: 'configuration',
        message: `${later.name} would never see ${what}: ${earlier.name} comes first and takes them too.`,
        remedy: what.startsWith('opaque')
          ? 'Say by their prefixes which opaque tokens belong to which of the two, or remove one.'
          : 'Put everything about this issuer into one verifier.',
      };
    }),
  );
}

function commonForms(a: TokenForms, b: TokenForms): string | undefined {
  const issuer = commonIssuer(a.issuers, b.issuers);
  if (issuer !== undefined) return `tokens of ${issuer}`;
  return commonPrefix(prefixes(a), prefixes(b)) ? 'opaque tokens' : undefined;
}

/** A verifier for any issuer may come last, after those that name theirs. */
function commonIssuer(a: TokenForms['issuers'], b: TokenForms['issuers']): string | undefined {
  if (a === 'any') return b === 'any' || b.length > 0 ? 'any issuer' : undefined;
  return b === 'any' ? undefined : a.find((issuer) => b.includes(issuer));
}

/** All opaque tokens are those with the empty prefix. */
function prefixes({ opaque }: TokenForms): readonly string[] {
  if (typeof opaque === 'boolean') return opaque ? [''] : [];
  return opaque;
}

/** The earlier hides the later where a prefix of its own begins the other's; the longer one first is fine. */
function commonPrefix(earlier: readonly string[], later: readonly string[]): boolean {
  return later.some((long) => earlier.some((short) => long.startsWith(short)));
}
