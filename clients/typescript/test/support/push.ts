import { afterEach } from "vitest";
import { createClient } from "../../src/index.js";
import { FakeApi } from "./api.js";
import { ID } from "./script.js";
import { overview, row, status } from "./states.js";

/** The other end of a connection. */
export class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly sent: Record<string, unknown>[] = [];

  constructor(readonly url: string) {
    super();
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    const last = FakeSocket.all.at(-1);
    if (!last) throw new Error("Nobody has connected.");
    return last;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }

  tell(message: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  tellStatus(version: number, completed: number, changes = {}): void {
    const data = status(completed, changes);
    this.tell({ type: "batch.status", batch_id: ID, version, state: "active", data });
  }
}

afterEach(() => {
  FakeSocket.all = [];
});

/** A token of this person, as an issuer makes it. */
export const tokenOf = (sub: string, issuedAt = 0): string =>
  ["{}", JSON.stringify({ sub, iat: issuedAt }), "signature"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");

/** A client of an API with push, and what was polled there. */
export function withPush(url: string | null = null, token?: () => string | undefined) {
  let completed = 1;
  const api = new FakeApi(({ path }) => {
    if (path === "events/tickets") return { body: () => ({ ticket: "a+b", expires_in: 60, url }) };
    if (path === "dashboard/overview")
      return { body: () => overview("2025-01-15T10:30:00.000000Z") };
    if (path === "batches")
      return {
        body: () => [
          { _id: "1", ...row("a") },
          { _id: "2", ...row("b") },
        ],
      };
    return { body: () => status(completed++) };
  });
  const client = createClient({
    baseUrl: api.baseUrl,
    webSocket: FakeSocket,
    ...(token && { token }),
  });
  const polls = () => api.sent.filter((one) => one.path !== "events/tickets").length;
  return { api, client, polls };
}
