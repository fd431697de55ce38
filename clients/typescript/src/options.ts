import type { SocketClass } from "./push.js";
import type { Token } from "./transport.js";

export interface ClientOptions {
  /** Where the API is, up to and with `/api/v1`. A page may give a path alone. */
  baseUrl: string;
  /** A bearer token, or a function that returns the current one. Without it calls are anonymous. */
  token?: Token | undefined;
  /**
   * The class of the connection on which the API tells watchers what changed: the global WebSocket if
   * nothing is said (browsers, Node 22), or that of the package `ws`. Without one, or with `false`,
   * watchers poll.
   */
  webSocket?: SocketClass | false | undefined;
}

export interface CallOptions {
  /** Ends the call when it aborts; the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface CancelOptions extends CallOptions {
  /** Why: at most 500 characters. */
  reason?: string | undefined;
  /** Whether to wait after a 202 until no job of the batch waits any more. */
  wait?: boolean | undefined;
}

export interface OverviewQuery {
  /** The account to show; without it, all accounts that the caller may see. */
  account_id?: string | undefined;
}
