import { read } from './tree.ts';

/** A fenced block of a Markdown file. */
export interface Fence {
  readonly path: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** A Markdown file with its fenced blocks taken apart from its prose; both keep their line numbers. */
export interface Page {
  readonly path: string;
  readonly fences: readonly Fence[];
  /** Prose by line; lines of fenced blocks are empty. */
  readonly prose: readonly string[];
  readonly lines: readonly string[];
}

export function readPage(path: string): Page {
  return splitPage(path, read(path));
}

export function splitPage(path: string, text: string): Page {
  const lines = text.split('\n');
  const prose: string[] = [];
  const fences: Fence[] = [];
  let open: { mark: string; line: number; language: string; text: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^\s*(`{3,}|~{3,})\s*([\w+-]*)/.exec(line);
    if (open && mark?.[1]?.startsWith(open.mark) && !mark[2]) {
      fences.push({ path, line: open.line, language: open.language, text: `${open.text.join('\n')}\n` });
      open = undefined;
      prose.push('');
    } else if (open) {
      open.text.push(line);
      prose.push('');
    } else if (mark) {
      open = { mark: mark[1]!, line: index + 1, language: mark[2]!.toLowerCase(), text: [] };
      prose.push('');
    } else prose.push(line);
  }
  if (open) throw new Error(`${path}:${open.line}: the fence is never closed`);
  return { path, fences, prose, lines };
}

/** Text between single or double backticks, with its line. */
export function codeSpans(page: Page): { readonly line: number; readonly text: string }[] {
  return page.prose.flatMap((line, index) =>
    [...line.matchAll(/(`+)(.+?)\1/g)].map((match) => ({ line: index + 1, text: match[2]!.trim() })),
  );
}

/** Targets of `[text](target)`, `![alt](target)` and `[name]: target`. */
export function links(page: Page): { readonly line: number; readonly target: string }[] {
  return page.prose.flatMap((line, index) => {
    const bare = line.replace(/(`+).+?\1/g, '');
    const inline = [...bare.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
    const named = [...bare.matchAll(/^\[[^\]]+\]:\s+<?(\S+?)>?$/g)];
    return [...inline, ...named].map((match) => ({ line: index + 1, target: match[1]! }));
  });
}

/** The anchors of a page, as GitHub makes them from headings. */
export function anchors(page: Page): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const found = new Set<string>();
  for (const line of page.prose) {
    for (const match of line.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) found.add(match[1]!);
    const heading = /^#{1,6}\s+(.+?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    found.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return found;
}
