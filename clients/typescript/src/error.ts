import type { ProblemCode } from "./types.js";

/**
 * The API's code, or one of the client's:
 * - `NETWORK_ERROR`: no answer came, or not within 35 s.
 * - `TOKEN_ERROR`: the function for the token failed.
 * - `HTTP_ERROR`: an error without a code, as API Gateway and proxies send them.
 * - `INVALID_ANSWER`: an answer that is not of this API, such as a login page.
 */
export type ErrorCode =
  | ProblemCode
  | "NETWORK_ERROR"
  | "TOKEN_ERROR"
  | "HTTP_ERROR"
  | "INVALID_ANSWER"
  // A newer API may have more.
  | (string & {});

/** A request that failed. An aborted one rejects with the signal's reason instead. */
export class PulsoError extends Error {
  override readonly name = "PulsoError";
  /** The HTTP status; 0 if no answer came. */
  readonly status: number;
  readonly code: ErrorCode;
  /** What is wrong, in words; also the `message`. */
  readonly detail: string;
  /** Seconds to wait before the next attempt, if the answer said so. */
  readonly retryAfter: number | undefined;
  /** Finds the request in the logs of the API. */
  readonly requestId: string | undefined;
  /** Of `SELECTION_CHANGED` and `TOO_MANY_BATCHES`: how many batches it would be. */
  readonly batches: number | undefined;

  constructor(
    detail: string,
    about: {
      code: ErrorCode;
      status?: number;
      retryAfter?: number | undefined;
      requestId?: string | undefined;
      batches?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(detail, about.cause === undefined ? undefined : { cause: about.cause });
    this.status = about.status ?? 0;
    this.code = about.code;
    this.detail = detail;
    this.retryAfter = about.retryAfter;
    this.requestId = about.requestId;
    this.batches = about.batches;
  }
}

/** Whether it is about who calls: with another token the same request may succeed. */
export const isAboutCaller = ({ status }: PulsoError): boolean => [401, 403].includes(status);

/** Whether the same request may succeed a little later. */
export function isTemporary(error: PulsoError): boolean {
  // A gateway or proxy says nothing of what was asked for: a route may be missing while it is deployed.
  if (error.code === "HTTP_ERROR" && !isAboutCaller(error)) return true;
  return error.status < 400 || error.status >= 500 || [408, 429].includes(error.status);
}
