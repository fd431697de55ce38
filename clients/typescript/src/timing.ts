const MAX_WAIT_SECONDS = 3600;
const MAX_BACKOFF_MS = 60_000;

/** Milliseconds of a clock that nobody sets. */
export const now = (): number => performance.now();

/** When an answer was made, by the clock of whoever made it; undefined where nobody says. */
export function dateOf(headers: Headers): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? undefined : date;
}

/** Seconds in `Retry-After`, a number or a date; an hour at most. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value.trim())
    ? Number(value)
    : Math.ceil((Date.parse(value) - (dateOf(headers) ?? Date.now())) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), MAX_WAIT_SECONDS);
}

/**
 * Milliseconds until the next request is allowed: 0, unless a policy in `RateLimit` has none left
 * (`"default";r=0;t=5`, draft-ietf-httpapi-ratelimit-headers).
 */
export function rateLimitWaitMs(headers: Headers): number {
  const waits = (headers.get("ratelimit") ?? "").split(",").map((policy) => {
    const remaining = /;\s*r=(\d+)/.exec(policy)?.[1];
    const seconds = /;\s*t=(\d+)/.exec(policy)?.[1];
    return Number(remaining) === 0 ? Number(seconds ?? 0) : 0;
  });
  return Math.min(Math.max(...waits), MAX_WAIT_SECONDS) * 1000;
}

/** Exponential backoff, half to one and a half of 1, 2, 4, … times `baseMs`; about a minute at most. */
export function backoffMs(failures: number, baseMs: number): number {
  const exponential = Math.min(baseMs * 2 ** (failures - 1), Math.max(MAX_BACKOFF_MS, baseMs));
  return exponential * (0.5 + Math.random());
}

/** `Retry-After` in milliseconds, and up to a tenth more, so that clients do not return all at once. */
export function retryAfterMs(seconds: number | undefined): number {
  return (seconds ?? 0) * 1000 * (1 + Math.random() / 10);
}

/** Waits; rejects with the signal's reason when that aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, Math.ceil(ms));
    signal?.addEventListener("abort", abort, { once: true });
  });
}
