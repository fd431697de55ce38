import "./support/clock.js";
import { describe, expect, it, vi } from "vitest";
import { NO_NOTES } from "../src/known.js";
import { FakePage } from "./support/page.js";
import { ID, ok, pass, world } from "./support/script.js";
import { overview, status } from "./support/states.js";

describe("states", () => {
  it("sends the ETag and keeps the object while nothing changes", async () => {
    const { api, client } = world(
      ok(status(1), { ETag: '"a"' }),
      { status: 304 },
      ok(status(1), { ETag: '"b"' }),
      ok(status(2), { ETag: '"c"' }),
    );
    const onUpdate = vi.fn();
    client.watchBatch(ID, { onUpdate });
    await pass(15_000);
    const seen = onUpdate.mock.calls.map(([state]) => state);
    expect(seen).toEqual([status(1), status(1), status(1), status(2)]);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).toBe(seen[0]);
    const sent = api.sent.map((one) => one.headers.get("if-none-match"));
    expect(sent).toEqual([null, '"a"', '"a"', '"b"']);
    expect(api.sent.map((one) => one.cache)).toEqual(sent.map(() => "no-cache"));
  });

  it("leaves the ETag to a browser, which knows it better", async () => {
    vi.stubGlobal("process", Object.create(process, { versions: { value: {} } }));
    const { api, client } = world(ok(status(1), { ETag: '"a"' }));
    const onUpdate = vi.fn();
    client.watchBatch(ID, { onUpdate });
    await pass(5_000);
    expect(api.sent.map((one) => one.headers.get("if-none-match"))).toEqual([null, null]);
    expect(onUpdate.mock.calls[1]?.[0]).toBe(onUpdate.mock.calls[0]?.[0]);
  });

  it("never shows an overview from an older cache", async () => {
    const { client } = world(
      ok(overview("2025-01-15T10:30:10.000000Z", 7)),
      ok(overview("2025-01-15T10:30:05.000000Z", 3)),
      ok(overview("2025-01-15T10:30:40.000000Z", 8)),
    );
    const shown: number[] = [];
    client.watchOverview({ onUpdate: (state) => shown.push(state.metrics.jobs_today) });
    await pass(60_000);
    expect(shown).toEqual([7, 7, 8]);
  });

  it("says that figures are stale or still counted, also of a 304", async () => {
    const stale = { Warning: '110 - "Response is Stale"' };
    const counting = { "Pulso-Counting": "in-progress" };
    const body = overview("2025-01-15T10:30:00.000000Z");
    const { client } = world(
      ok(body, counting),
      { status: 304, headers: stale },
      ok(overview("2025-01-15T10:29:00.000000Z"), stale),
      ok(body, { "Pulso-Counting": "complete" }),
    );
    const told: unknown[] = [];
    client.watchOverview({ onUpdate: (_, notes) => told.push(notes) });
    await pass(90_000);
    expect(told).toEqual([
      { isStale: false, isCounting: true },
      { isStale: true, isCounting: false },
      { isStale: true, isCounting: false },
      { isStale: false, isCounting: false },
    ]);
  });

  it("shows an overview after the server's clock was set back", async () => {
    const { client } = world(
      ok(overview("2025-01-15T10:30:00.000000Z", 7)),
      ok(overview("2025-01-15T10:24:30.000000Z", 3)),
      ok(overview("2025-01-15T10:20:00.000000Z", 8)),
    );
    const shown: number[] = [];
    client.watchOverview({ onUpdate: (state) => shown.push(state.metrics.jobs_today) });
    await pass(60_000);
    expect(shown).toEqual([7, 7, 8]);
  });

  it("ignores an answer that was overtaken", async () => {
    const page = new FakePage();
    const { client } = world({ ...ok(status(1)), downMs: 3_000 }, ok(status(2)), ok(status(3)));
    const shown: number[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(1_000);
    page.hide();
    page.show();
    await pass(7_000);
    expect(shown).toEqual([2, 3]);
  });

  it("asks again after a request that a refresh met under way", async () => {
    const { api, client } = world({ ...ok(status(1)), downMs: 1_000 }, ok(status(2)));
    const shown: number[] = [];
    const watch = client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(500);
    watch.refresh();
    watch.refresh();
    await pass(501);
    expect(shown).toEqual([1, 2]);
    expect(api.sent).toHaveLength(2);
  });
});

describe("company", () => {
  it("does not inherit the refresh of somebody who has left", async () => {
    const limit = { RateLimit: '"default";r=0;t=60' };
    const { api, client } = world(ok(status(1), limit), { fails: "hang" }, ok(status(2)));
    const first = client.watchBatch(ID, { onUpdate() {} });
    await pass(60_000);
    first.refresh();
    first.stop();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(4_000);
    expect(api.sent).toHaveLength(3);
  });

  it("shares one poll, and shows newcomers what is known", async () => {
    const { api, client } = world(ok(status(1)), ok(status(2)));
    const [first, second] = [vi.fn(), vi.fn()];
    client.watchBatch(ID, { onUpdate: first });
    await pass(1_000);
    client.watchBatch(ID, { onUpdate: second });
    expect(second).not.toHaveBeenCalled();
    await pass(0);
    expect(second.mock.calls).toEqual([[status(1), NO_NOTES]]);
    await pass(4_000);
    expect(api.sent).toHaveLength(2);
    expect(second).toHaveBeenCalledTimes(2);
    expect(first).toHaveBeenCalledTimes(2);
  });

  it("shows newcomers the error too", async () => {
    const { client } = world(ok(status(1)), { fails: "connection" });
    client.watchBatch(ID, { onUpdate() {} });
    await pass(5_000);
    const told: string[] = [];
    client.watchBatch(ID, {
      onUpdate: () => told.push("state"),
      onError: (error) => told.push(error.code),
    });
    await pass(0);
    expect(told).toEqual(["state", "NETWORK_ERROR"]);
  });

  it("does not tell whom another one stopped", async () => {
    const { client } = world(ok(status(1)));
    const onUpdate = vi.fn();
    client.watchBatch(ID, { onUpdate: () => second.stop() });
    const second = client.watchBatch(ID, { onUpdate });
    await pass(0);
    expect(onUpdate).not.toHaveBeenCalled();
  });

  it("reports an exception of a callback and goes on", async () => {
    const { client } = world(ok(status(1)));
    const uncaught = vi.fn();
    const before = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", uncaught);
    const onUpdate = vi.fn();
    client.watchBatch(ID, {
      onUpdate() {
        throw new Error("a mistake of the caller");
      },
    });
    client.watchBatch(ID, { onUpdate });
    await pass(5_000);
    process.removeAllListeners("uncaughtException");
    for (const listener of before) process.on("uncaughtException", listener);
    expect(onUpdate).toHaveBeenCalledTimes(2);
    expect(uncaught).toHaveBeenCalledTimes(2);
  });

  it("asks anew what an action may have changed", async () => {
    const { api, client } = world(ok(status(1)));
    client.watchBatch(ID, { onUpdate() {} });
    client.watchDetails("68EF8F2A1C9D440000A1B2C3", { onUpdate() {} });
    client.watchOverview({ account_id: "acc ñ", onUpdate() {} });
    await pass(1_000);
    api.sent.length = 0;
    await client.pause(ID);
    await pass(0);
    expect(api.sent.map((one) => `${one.path} ${one.query}`.trim())).toEqual([
      `batches/${ID}/pause`,
      `batches/${ID}/status`,
      // It may be the same batch.
      "batches/68EF8F2A1C9D440000A1B2C3",
      "dashboard/overview account_id=acc+%C3%B1",
    ]);
  });
});
