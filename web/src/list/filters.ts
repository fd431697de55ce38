import type { BatchRow } from "pulso-client";

export const STATES = ["active", "paused", "completed", "cancelled"] as const;
export const SORTS = [
  "-created_at",
  "created_at",
  "name",
  "-name",
  "-last_activity_at",
  "-pending_jobs",
  "-total_cost",
] as const;

export type Sort = (typeof SORTS)[number];
export type StateName = BatchRow["status"];

/** What a list shows. It stands in the URL, under the API's own names. */
export interface Filters {
  account_id: string;
  q: string;
  status: readonly StateName[];
  sort: Sort;
}

/** Reads a URL. What it does not know, as in an old link, counts as not given. */
export function filtersOf(query: URLSearchParams): Filters {
  const asked = (query.get("status") ?? "").split(",");
  return {
    account_id: query.get("account_id") ?? "",
    q: query.get("q") ?? "",
    status: STATES.filter((state) => asked.includes(state)),
    sort: SORTS.find((sort) => sort === query.get("sort")) ?? SORTS[0],
  };
}

/** Whether anything but the order narrows the list. */
export const isNarrowed = ({ account_id, q, status }: Filters): boolean =>
  account_id !== "" || q !== "" || status.length > 0;

/** The parameters of a request for these batches. */
export const asked = ({ account_id, q, status, sort }: Filters) => ({
  ...(account_id === "" ? {} : { account_id }),
  ...(q.trim() === "" ? {} : { q }),
  ...(status.length === 0 ? {} : { status: status.join(",") }),
  sort,
});
