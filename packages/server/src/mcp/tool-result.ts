import type { CallToolResult } from '@modelcontextprotocol/server';
import { DatabaseError } from '../sql/database-error.ts';

/** A result for programs, and the same in a text block for clients that show text. */
export function toolResult(structured: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structured) }], structuredContent: structured };
}

/**
 * What a tool says when it can not do what was asked. A statement's own error comes in the database's words, so that a model can mend it;
 * trouble that is not the caller's is named without its reason, which `report` is told.
 */
export function toolError(error: unknown): CallToolResult {
  const message =
    error instanceof DatabaseError ? error.message : 'Something went wrong on this server. Try again later.';
  return { isError: true, content: [{ type: 'text', text: message }] };
}
