import { computed, effect, signal } from "@preact/signals";

/** Where the reader is. Everything that a link should keep stands in the URL. */
export type Route =
  | { view: "overview" }
  | { view: "batches" }
  | { view: "batch"; id: string }
  | { view: "nowhere" };

interface Place {
  path: string;
  query: URLSearchParams;
}

const here = (): Place => ({
  path: location.pathname,
  query: new URLSearchParams(location.search),
});

export const place = signal<Place>(here());
export const route = computed<Route>(() => routeOf(place.value.path));

export function routeOf(path: string): Route {
  if (path === "/") return { view: "overview" };
  if (path === "/batches" || path === "/batches/") return { view: "batches" };
  const id = /^\/batches\/([^/]+)\/?$/.exec(path)?.[1];
  if (id === undefined) return { view: "nowhere" };
  try {
    return { view: "batch", id: decodeURIComponent(id) };
  } catch {
    // A percent sign that encodes nothing.
    return { view: "nowhere" };
  }
}

export const batchUrl = (id: string): string => `/batches/${encodeURIComponent(id)}`;

/** The URL with these parameters changed; an empty one is left out. */
export function urlWith(changes: Record<string, string>): string {
  const { path, query } = place.peek();
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return path + (text === "" ? "" : `?${text}`);
}

/** Goes to a URL of the page. `replace` adds no step to the history. */
export function go(url: string, { replace = false } = {}): void {
  const before = place.peek().path;
  const from = location.pathname + location.search;
  if (replace || url === from) history.replaceState(history.state, "", url);
  else history.pushState({ from, list: lastList }, "", url);
  place.value = here();
  if (place.value.path !== before) scrollTo(0, 0);
}

/** Any other click opens a tab, a window or a menu. */
const isPlain = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** Follows links of the page without loading it anew, and the browser's back and forward. */
export function followLinks(): void {
  addEventListener("popstate", () => {
    place.value = here();
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || !isPlain(event)) return;
    const link = (event.target as Element).closest("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.download !== "") return;
    if (link.origin !== location.origin || link.hash !== "") return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

/** The history knows it over a reload too. */
let lastList: string = history.state?.list ?? "/batches";

/** The list as the reader left it. */
export const lastListUrl = (): string => lastList;

/** Has this page lead back to a list that the reader left before. */
export const leadBackTo = (list: string): void => {
  history.replaceState({ list }, "");
  lastList = list;
};

/** Forgets where a list was that is not in sight: another reader begins with all batches. */
export const forgetList = (): void => {
  leadBackTo("/batches");
  noteList(place.peek());
};

function noteList({ path, query }: Place): void {
  if (routeOf(path).view === "batches") lastList = query.size === 0 ? path : `${path}?${query}`;
}

effect(() => noteList(place.value));

/** Goes one step back if that is the list, so that it is where it was scrolled to. */
export function backToList(event: MouseEvent): void {
  if (!isPlain(event) || history.state?.from !== lastList) return;
  event.preventDefault();
  history.back();
}

/** The list of batches with these filters. */
export function batchesUrl(filters: Record<string, string>): string {
  const some = Object.entries(filters).filter(([, value]) => value !== "");
  return `/batches${some.length === 0 ? "" : `?${new URLSearchParams(some)}`}`;
}
