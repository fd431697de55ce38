import { search } from "./paths.js";
import type { operations } from "./schema.js";
import { type Answer, json } from "./transport.js";
import type { BatchRow } from "./types.js";

type Query = NonNullable<operations["listBatches"]["parameters"]["query"]>;

/** Which batches to list, and in which order. The newest come first if nothing is said. */
export interface BatchQuery {
  account_id?: Query["account_id"] | undefined;
  /** States, separated by commas: `active`, `paused`, `completed`, `cancelled`. */
  status?: Query["status"] | undefined;
  is_active?: boolean | undefined;
  /** A part of the name, description or batch_id, whatever its case and accents. */
  q?: Query["q"] | undefined;
  sort?: Query["sort"] | undefined;
  /** Most rows of a page: 100 if nothing is said, 200 at most. */
  limit?: Query["limit"] | undefined;
  /** `next` of the page before, with otherwise the same query. */
  cursor?: Query["cursor"] | undefined;
}

/** A page of the list. */
export interface BatchPage {
  batches: BatchRow[];
  /** The `cursor` of the next page; undefined on the last one. */
  next: string | undefined;
}

export const listPath = (query: BatchQuery): string => {
  const { account_id, status, is_active, q, sort, limit, cursor } = query;
  return `batches${search({ account_id, status, is_active, q, sort, limit, cursor })}`;
};

export const readPage = (answer: Answer): BatchPage => ({
  batches: json(answer),
  next: nextCursor(answer),
});

/** Reads the header `Link: <?limit=100&cursor=abc>; rel="next"` (RFC 8288). */
export function nextCursor(answer: Answer): string | undefined {
  const link = answer.headers.get("link") ?? "";
  const target = /<[^>]*\?([^>]*)>\s*;\s*rel="?next"?/.exec(link)?.[1];
  return new URLSearchParams(target).get("cursor") ?? undefined;
}
