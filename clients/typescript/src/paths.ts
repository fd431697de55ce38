/** An id as a segment of a path. Throws TypeError for one that no URL can name. */
export function segment(id: string): string {
  // A URL resolves these segments away, and another route would answer.
  if (["", ".", ".."].includes(id)) throw new TypeError(`${JSON.stringify(id)} is no id.`);
  return encodeURIComponent(id);
}

/** The path of a batch, or of a route below it. */
export const batchPath = (batchId: string, route?: string): string =>
  `batches/${segment(batchId)}${route === undefined ? "" : `/${route}`}`;

/** The query string of what is given, with its `?`. */
export function search(query: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
