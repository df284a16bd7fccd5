export const DEFAULT_PAGE_LIMIT = 100;
export const MAX_PAGE_LIMIT = 1000;

export function pageLimit(limit: number | undefined): number {
  return Math.min(Math.max(1, limit ?? DEFAULT_PAGE_LIMIT), MAX_PAGE_LIMIT);
}

/** One page of keys in their own order; the cursor is the last key shown, so that it stays good when records come and go. */
export function pageOf(
  keys: readonly string[],
  page: { readonly cursor?: string; readonly limit?: number },
): { readonly keys: readonly string[]; readonly cursor?: string } {
  const limit = pageLimit(page.limit);
  const { cursor } = page;
  const rest = keys.filter((key) => cursor === undefined || key > cursor).sort();
  const shown = rest.slice(0, limit);
  return rest.length > limit ? { keys: shown, cursor: shown.at(-1) } : { keys: shown };
}
