import "./support/clock.js";
import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../src/index.js";
import { FakeApi } from "./support/api.js";
import { FakePage } from "./support/page.js";
import { ID, pass } from "./support/script.js";
import { OVER, overview, problem, row, status } from "./support/states.js";

/** The other end of a connection. */
class FakeSocket extends EventTarget {
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

/** A client of an API with push, and what was polled there. */
function world(url: string | null = null) {
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
  const client = createClient({ baseUrl: api.baseUrl, webSocket: FakeSocket });
  const polls = () => api.sent.filter((one) => one.path !== "events/tickets").length;
  return { api, client, polls };
}

describe("push", () => {
  it("takes the place of polls once a state was told", async () => {
    const { client, polls } = world();
    const shown: number[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(2_000);
    expect(FakeSocket.last.url).toBe("wss://pulso.example/events?token=a%2Bb");
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ action: "subscribe", batch_id: ID }]);
    FakeSocket.last.tellStatus(10, 7);
    FakeSocket.last.tellStatus(11, 8);
    await pass(30_000);
    expect(shown).toEqual([1, 7, 8]);
    expect(polls()).toBe(1);
    await pass(40_000);
    expect(polls()).toBe(2);
  });

  it("never shows an older state after a newer one", async () => {
    const { client } = world();
    const shown: number[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(11, 8);
    FakeSocket.last.tellStatus(10, 7);
    expect(shown).toEqual([1, 8]);
  });

  it("lets a message wait that may be older than an answer", async () => {
    const { client } = world();
    const shown: number[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(2_000);
    FakeSocket.last.open();
    await pass(3_100);
    expect(shown).toEqual([1, 2]);
    FakeSocket.last.tellStatus(10, 7);
    expect(shown).toEqual([1, 2]);
    FakeSocket.last.tellStatus(11, 8);
    await pass(1_000);
    expect(shown).toEqual([1, 2, 8]);
  });

  it("polls as before while the connection is lost, and comes back", async () => {
    const { client, polls } = world();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 7);
    await pass(20_000);
    expect(polls()).toBe(1);
    FakeSocket.last.close();
    await pass(4_000);
    expect(polls()).toBeGreaterThan(1);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ action: "subscribe", batch_id: ID }]);
  });

  it("polls where there is no push", async () => {
    const api = new FakeApi(({ path }) =>
      path === "events/tickets"
        ? { status: 404, body: () => problem(404, "NOT_FOUND") }
        : { body: () => status(1) },
    );
    const client = createClient({ baseUrl: api.baseUrl, webSocket: FakeSocket });
    client.watchBatch(ID, { onUpdate() {} });
    await pass(60_000);
    expect(FakeSocket.all).toEqual([]);
    expect(api.sent.filter((one) => one.path === "events/tickets")).toHaveLength(1);
    expect(api.sent).toHaveLength(14);
  });

  it("polls for minutes after newer connections displaced its own", async () => {
    const { client, polls } = world();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 7);
    FakeSocket.last.tell({ type: "error", code: "TOO_MANY_CONNECTIONS", message: "Too many." });
    FakeSocket.last.close();
    await pass(4 * 60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(polls()).toBeGreaterThan(40);
    await pass(2 * 60_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("subscribes again after an error that passes", async () => {
    const { client } = world();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tell({ type: "error", batch_id: ID, code: "DATABASE_UNAVAILABLE" });
    await pass(900);
    expect(FakeSocket.last.sent).toHaveLength(1);
    await pass(2_200);
    expect(FakeSocket.last.sent).toEqual(Array(2).fill({ action: "subscribe", batch_id: ID }));
    FakeSocket.last.tell({ type: "subscribed", batch_id: ID });
    await pass(50_000);
    expect(FakeSocket.last.sent).toHaveLength(2);
  });

  it("subscribes again when no answer comes, ever more rarely", async () => {
    const { client } = world();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    await pass(15_000);
    expect(FakeSocket.last.sent).toHaveLength(2);
    for (let second = 0; second < 300; second++) {
      FakeSocket.last.tell({ message: "Internal server error" });
      await pass(1_000);
    }
    expect(FakeSocket.last.sent.length).toBeGreaterThan(5);
    expect(FakeSocket.last.sent.length).toBeLessThan(13);
  });

  it("polls what can't be subscribed to, and says why", async () => {
    const { api, client, polls } = world();
    const failed: string[] = [];
    client.watchOverview({ onUpdate() {}, onError: (error) => failed.push(error.code) });
    await pass(2_000);
    FakeSocket.last.open();
    const version = { overview: true, account_id: null, version: 5 };
    const data = overview("2025-01-15T10:31:00.000000Z", 9);
    FakeSocket.last.tell({ type: "dashboard.overview", ...version, data });
    FakeSocket.last.close();
    await pass(8_000);
    const before = polls();
    api.reply = () => ({ status: 403, body: () => problem(403, "ACCOUNT_FORBIDDEN") });
    FakeSocket.last.open();
    const about = { overview: true, account_id: null };
    FakeSocket.last.tell({ type: "error", ...about, code: "ACCOUNT_FORBIDDEN" });
    await pass(1_000);
    expect(polls()).toBe(before + 1);
    expect(failed).toEqual(["ACCOUNT_FORBIDDEN"]);
    expect(FakeSocket.last.sent).toHaveLength(1);
  });

  it("keeps a subscription whose end before was late", async () => {
    const { client } = world();
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 7);
    watch.stop();
    client.watchBatch(ID, { onUpdate() {} });
    FakeSocket.last.tell({ type: "unsubscribed", batch_id: ID });
    expect(FakeSocket.last.sent.map((one) => one.action)).toEqual([
      "subscribe",
      "unsubscribe",
      "subscribe",
      "subscribe",
    ]);
  });

  it("closes a connection that is dead, and one that nobody needs", async () => {
    const { client } = world();
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    const first = FakeSocket.last;
    first.open();
    first.tellStatus(10, 7);
    await pass(60_000);
    expect(first.sent.at(-1)).toEqual({ action: "ping" });
    await pass(15_000);
    expect(first.readyState).toBe(3);
    await pass(5_000);
    const second = FakeSocket.last;
    second.open();
    watch.stop();
    expect(second.sent.at(-1)).toEqual({ action: "unsubscribe", batch_id: ID });
    await pass(2_000);
    expect(second.readyState).toBe(3);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("ends with the batch", async () => {
    const { client, polls } = world();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 1924, { ...OVER, pending_jobs: 0 });
    FakeSocket.last.tellStatus(11, 1924, { ...OVER, pending_jobs: 0 });
    await pass(120_000);
    expect(polls()).toBe(1);
    expect(FakeSocket.last.readyState).toBe(3);
  });

  it("is closed in a hidden tab", async () => {
    const page = new FakePage();
    const { client } = world("wss://push.example/events");
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    expect(FakeSocket.last.url).toBe("wss://push.example/events?token=a%2Bb");
    FakeSocket.last.open();
    page.hide();
    expect(FakeSocket.last.readyState).toBe(3);
    await pass(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    page.show();
    await pass(100);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("shows overviews, and changed rows of a list", async () => {
    const { client } = world();
    const jobs: number[] = [];
    const rows: (string | null)[][] = [];
    client.watchOverview({ onUpdate: (state) => jobs.push(state.metrics.jobs_today) });
    client.watchBatches({ onUpdate: (page) => rows.push(page.batches.map((one) => one.status)) });
    await pass(2_000);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([
      { action: "subscribe", overview: true },
      { action: "subscribe", batches: true },
    ]);
    const data = overview("2025-01-15T10:31:00.000000Z", 9);
    FakeSocket.last.tell({
      type: "dashboard.overview",
      overview: true,
      account_id: null,
      version: 5,
      data,
    });
    FakeSocket.last.tell({
      type: "batches.changed",
      batches: true,
      account_id: null,
      version: 5,
      data: [{ _id: "2", ...row("b"), status: "paused" }],
    });
    await pass(0);
    expect(jobs).toEqual([1, 9]);
    expect(rows).toEqual([
      ["active", "active"],
      ["active", "paused"],
    ]);
  });

  it("asks for lists as often as without push, since nothing tells what left", async () => {
    const { api, client } = world();
    const shown: number[] = [];
    client.watchBatches({ onUpdate: (page) => shown.push(page.batches.length) });
    await pass(2_000);
    FakeSocket.last.open();
    const about = { batches: true, account_id: null, version: 5 };
    FakeSocket.last.tell({ type: "batches.changed", ...about, data: [{ _id: "2", ...row("b") }] });
    api.reply = () => ({ body: () => [{ _id: "1", ...row("a") }] });
    await pass(10_000);
    expect(shown.at(-1)).toBe(1);
  });

  it("takes what names no subscription for none of a list", async () => {
    const { client } = world();
    const shown: number[] = [];
    client.watchBatches({ onUpdate: (page) => shown.push(page.batches.length) });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tell({ type: "pong" });
    FakeSocket.last.tell({ type: "heartbeat" });
    FakeSocket.last.tell({ type: "error", code: "INVALID_MESSAGE", message: "No JSON." });
    await pass(20_000);
    expect(shown).not.toHaveLength(0);
    const subscribed = FakeSocket.last.sent.filter((one) => one.action === "subscribe");
    expect(subscribed.length).toBeGreaterThan(1);
  });
});
