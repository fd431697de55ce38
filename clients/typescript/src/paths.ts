/** The path of a batch, or of a route below it. Throws TypeError for an id that no URL can name. */
export function batchPath(batchId: string, route?: string): string {
  // A URL resolves these segments away, and another route would answer.
  if (["", ".", ".."].includes(batchId)) {
    throw new TypeError(`batchId must name a batch, not ${JSON.stringify(batchId)}.`);
  }
  const path = `batches/${encodeURIComponent(batchId)}`;
  return route === undefined ? path : `${path}/${route}`;
}

/** The query string of what is given, with its `?`. */
export function search(query: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
