import { PulsoError } from "./error.js";
import { dateOf, retryAfter } from "./timing.js";

/** API Gateway ends a request after 30 s. What takes longer is a dead connection. */
const TIMEOUT_MS = 35_000;

/** A bearer token, or what returns one: it is asked before each request. */
export type Token = string | (() => string | undefined | Promise<string | undefined>);

export interface Request {
  method?: "GET" | "POST" | "DELETE";
  /** Below the base URL, with its query. */
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** An answer with a status below 400. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Who asked. */
  caller?: string | undefined;
}

/** Sends requests with `fetch`. Everything that goes wrong becomes a `PulsoError`. */
export class Transport {
  readonly #base: string;
  readonly #token: Token | undefined;
  /** Who asked last; undefined without a token. */
  caller: string | undefined;
  /** Milliseconds from this machine's clock to the API's, as near to 0 as the answers allow. */
  clockOffsetMs = 0;
  /** Called when somebody else asks than before. */
  onCaller = () => {};

  constructor(baseUrl: string, token: Token | undefined) {
    this.#base = baseUrl.replace(/\/+$/, "");
    this.#token = token;
  }

  /** The address of a WebSocket at this path of the API's host. */
  socketUrl(path: string): string {
    const { location } = globalThis as { location?: { href: string } };
    return new URL(path, new URL(this.#base, location?.href)).href.replace(/^http/, "ws");
  }

  /** Throws PulsoError, or the signal's reason when that aborts. */
  async send(request: Request): Promise<Answer> {
    const { signal } = request;
    signal?.throwIfAborted();
    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const late = new PulsoError("No answer came within 35 s.", { code: "NETWORK_ERROR" });
    const timer = setTimeout(() => controller.abort(late), TIMEOUT_MS);
    try {
      return await until(controller.signal, this.#exchange(request, controller.signal));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  async #exchange(request: Request, signal: AbortSignal): Promise<Answer> {
    const headers: Record<string, string> = { Accept: "application/json", ...request.headers };
    const token = await this.#currentToken();
    if (token) headers.Authorization = `Bearer ${token}`;
    const caller = callerOf(token);
    if (caller !== this.caller) {
      this.caller = caller;
      this.onCaller();
    }
    if (request.body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await this.#fetch(`${this.#base}/${request.path}`, {
      method: request.method ?? "GET",
      headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      // A browser asks the API each time, with the ETag that it has: an overview that it keeps for
      // some seconds does not know of a cancel since.
      cache: "no-cache",
      signal,
    });
    if (answer.status >= 400) throw failure(answer);
    return { ...answer, caller };
  }

  async #currentToken(): Promise<string | undefined> {
    if (typeof this.#token !== "function") return this.#token;
    try {
      return await this.#token();
    } catch (cause) {
      throw new PulsoError("The function for the token failed.", { code: "TOKEN_ERROR", cause });
    }
  }

  async #fetch(url: string, init: RequestInit): Promise<Answer> {
    try {
      const sentAt = Date.now();
      const response = await fetch(url, init);
      this.#compareClocks(response.headers, sentAt);
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (cause) {
      throw new PulsoError("The API cannot be reached.", { code: "NETWORK_ERROR", cause });
    }
  }

  /** `Date` is of a moment between request and answer, its part of a second cut off. */
  #compareClocks(headers: Headers, sentAt: number): void {
    const date = dateOf(headers);
    if (date === undefined) return;
    const [least, most] = [date - Date.now(), date + 1000 - sentAt];
    this.clockOffsetMs = Math.min(Math.max(this.clockOffsetMs, least), most);
  }
}

/** Whose token it is, by its claims; a text that is no JWT stands for itself. */
function callerOf(token: string | undefined): string | undefined {
  try {
    const claims = token?.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
    const { iss, sub } = JSON.parse(atob(claims ?? ""));
    return sub === undefined ? token : JSON.stringify([iss, sub]);
  } catch {
    return token;
  }
}

/** The JSON object or array in an answer. Throws PulsoError if there is none. */
export function json<T extends object>(answer: Answer): T {
  const value = parsed(answer.text);
  if (typeof value === "object" && value !== null) return value as T;
  throw new PulsoError("The answer is not JSON.", {
    code: "INVALID_ANSWER",
    status: answer.status,
    requestId: requestId(answer),
  });
}

function failure(answer: Answer): PulsoError {
  // An error of a proxy may carry any body.
  const problem = Object(parsed(answer.text)) as Record<string, unknown>;
  const text = (name: string) => {
    const value = problem[name];
    return typeof value === "string" ? value : undefined;
  };
  return new PulsoError(text("detail") ?? text("message") ?? `HTTP status ${answer.status}`, {
    code: text("code") ?? "HTTP_ERROR",
    status: answer.status,
    retryAfter: retryAfter(answer.headers),
    requestId: requestId(answer),
    batches: typeof problem.batches === "number" ? problem.batches : undefined,
  });
}

/** Undefined for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const requestId = (answer: Answer) => answer.headers.get("apigw-requestid") ?? undefined;

/** Rejects with the signal's reason as soon as that aborts, whatever the promise waits for. */
function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject);
  });
}

/** Headers that ask for what is newer. A browser revalidates by itself what it keeps; Node keeps nothing. */
export function condition(etag: string | undefined): Record<string, string> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return etag !== undefined && process?.versions?.node ? { "If-None-Match": etag } : {};
}
