import type { Reply } from "./api.js";
import { problem } from "./states.js";

export type Kind =
  | "ok"
  | "limited"
  | "spent"
  | "away"
  | "broken"
  | "gone"
  | "hang"
  | "denied"
  | "login";

/** One answer of a script. */
export interface Scripted {
  kind: Kind;
  upMs: number;
  downMs: number;
  seconds: number;
}

/** What it means for the client, once it has arrived. */
interface Meaning {
  reply: Reply;
  /** Milliseconds in which nobody may ask, whatever happens. */
  blocksMs?: number;
  isFailure?: boolean;
}

/** A scripted answer; of a good one only its headers. */
export function meaning({ kind, upMs, downMs, seconds }: Scripted): Meaning {
  const failure = (reply: Reply): Meaning => ({
    reply: { upMs, downMs, ...reply },
    isFailure: true,
  });
  const refused = (status: number, code: string) =>
    failure({ status, body: () => problem(status, code) });
  const later = (status: number, code: string): Meaning => ({
    ...failure({
      status,
      headers: { "Retry-After": `${seconds}` },
      body: () => problem(status, code),
    }),
    blocksMs: seconds * 1_000,
  });
  switch (kind) {
    case "ok":
      return { reply: { upMs, downMs, headers: { RateLimit: '"default";r=1;t=5' } } };
    case "spent":
      return {
        reply: { upMs, downMs, headers: { RateLimit: `"default";r=0;t=${seconds}` } },
        blocksMs: seconds * 1_000,
      };
    case "limited":
      return later(429, "RATE_LIMITED");
    case "away":
      return later(503, "DATABASE_UNAVAILABLE");
    case "gone":
      return refused(404, "BATCH_NOT_FOUND");
    case "denied":
      return refused(403, "FORBIDDEN");
    case "broken":
      return failure({ fails: "connection" });
    case "login":
      return failure({ body: () => "<html>Sign in</html>" });
    case "hang":
      return failure({ fails: "hang" });
  }
}
