import { vi } from "vitest";

/** How the API answers one request. */
export interface Reply {
  /** Milliseconds until the API decides on its answer, and from there until it arrives. */
  upMs?: number;
  downMs?: number;
  status?: number;
  headers?: Record<string, string>;
  /** JSON, or a text as it stands. Called when the API decides. */
  body?: () => unknown;
  /** Called when the client has the answer. */
  arrived?: () => void;
  /** No answer, but this failure; `hang`: nothing at all. */
  fails?: "connection" | "hang";
}

/** A request that arrived. */
export interface Sent {
  at: number;
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
  cache: string | undefined;
  /** When the client had its answer. */
  answeredAt?: number;
  aborted: boolean;
}

const BASE = "https://pulso.example/api/v1/";

/** An API behind a stubbed `fetch`. It answers by a script, at the time of the (fake) clock. */
export class FakeApi {
  readonly baseUrl = BASE;
  readonly sent: Sent[] = [];
  reply: (request: Sent) => Reply;

  constructor(reply: (request: Sent) => Reply) {
    this.reply = reply;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.#fetch(url, init));
  }

  get underway(): Sent[] {
    return this.sent.filter((one) => one.answeredAt === undefined && !one.aborted);
  }

  async #fetch(address: string, init: RequestInit): Promise<Response> {
    const url = new URL(address);
    const request: Sent = {
      at: performance.now(),
      method: init.method ?? "GET",
      path: address.startsWith(BASE) ? url.pathname.slice("/api/v1/".length) : address,
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
      cache: init.cache,
      aborted: false,
    };
    this.sent.push(request);
    const signal = init.signal as AbortSignal;
    const reply = this.reply(request);
    await this.#time(reply.fails === "hang" ? undefined : (reply.upMs ?? 0), request, signal);
    const body = reply.body?.() ?? {};
    await this.#time(reply.downMs ?? 0, request, signal);
    request.answeredAt = performance.now();
    reply.arrived?.();
    if (reply.fails === "connection") throw new TypeError("fetch failed");
    const status = reply.status ?? 200;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(status === 304 ? null : text, { status, headers: reply.headers ?? {} });
  }

  /** Passes without a timer if there is nothing to wait for. */
  #time(ms: number | undefined, request: Sent, signal: AbortSignal): Promise<void> {
    if (ms === 0 && !signal.aborted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      const abort = () => {
        clearTimeout(timer);
        request.aborted = true;
        reject(signal.reason);
      };
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
    });
  }
}
