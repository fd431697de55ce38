import "./support/clock.js";
import { describe, expect, it, vi } from "vitest";
import type { PulsoError } from "../src/index.js";
import type { Reply } from "./support/api.js";
import { FakePage } from "./support/page.js";
import { ID, ok, pass, world } from "./support/script.js";
import { problem, status } from "./support/states.js";

describe("pace", () => {
  it("polls each five seconds by default", async () => {
    const { api, client } = world(ok(status(1)));
    const onUpdate = vi.fn();
    client.watchBatch(ID, { onUpdate });
    expect(api.sent).toEqual([]);
    await pass(0);
    expect(onUpdate.mock.calls.map(([state]) => state)).toEqual([status(1)]);
    await pass(4_999);
    expect(api.sent).toHaveLength(1);
    await pass(1);
    expect(api.sent.map((one) => one.path)).toEqual([
      `batches/${ID}/status`,
      `batches/${ID}/status`,
    ]);
  });

  it("follows the shortest interval of those who still watch", async () => {
    const { api, client } = world(ok(status(1)));
    client.watchBatch(ID, { intervalMs: 60_000, onUpdate() {} });
    await pass(10_000);
    const hurried = client.watchBatch(ID, { intervalMs: 2_000, onUpdate() {} });
    await pass(0);
    expect(api.sent.map((one) => one.at)).toEqual([0, 10_000]);
    hurried.stop();
    await pass(59_999);
    expect(api.sent).toHaveLength(2);
    await pass(1);
    expect(api.sent).toHaveLength(3);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "rejects an interval of %d",
    (intervalMs) => {
      const { client } = world(ok(status(1)));
      expect(() => client.watchBatch(ID, { intervalMs, onUpdate() {} })).toThrow(RangeError);
    },
  );

  it("backs off to about a minute, and returns to its pace", async () => {
    const failures = Array.from({ length: 12 }, (): Reply => ({ fails: "connection" }));
    const { api, client } = world(...failures, ok(status(1)));
    const errors: PulsoError[] = [];
    client.watchBatch(ID, { onUpdate() {}, onError: (error) => errors.push(error) });
    await pass(900_000);
    const gaps = api.sent.slice(1).map((one, i) => one.at - (api.sent[i]?.at ?? 0));
    for (const [i, gap] of gaps.slice(0, 12).entries()) {
      const middle = Math.min(5_000 * 2 ** i, 60_000);
      expect(gap).toBeGreaterThanOrEqual(middle / 2);
      expect(gap).toBeLessThanOrEqual(middle * 1.5 + 1);
    }
    expect(new Set(gaps.slice(4, 12)).size).toBeGreaterThan(1);
    expect(gaps.slice(12)).toEqual(gaps.slice(12).map(() => 5_000));
    expect(errors.map((error) => error.code)).toEqual(failures.map(() => "NETWORK_ERROR"));
  });

  it("asks at once for who begins anew after failures", async () => {
    const broken: Reply = { status: 500, body: () => problem(500, "INTERNAL_ERROR") };
    const { api, client } = world(broken, broken, broken, broken, ok(status(1)));
    const watch = client.watchBatch(ID, { onUpdate() {} });
    while (api.sent.length < 4) await pass(1_000);
    watch.stop();
    const onUpdate = vi.fn();
    client.watchBatch(ID, { onUpdate });
    await pass(0);
    expect(onUpdate.mock.calls.map(([state]) => state)).toEqual([status(1)]);
  });

  it("waits for Retry-After, also if it is a date", async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    const limited = (after: string): Reply => ({
      status: 429,
      headers: { "Retry-After": after },
      body: () => problem(429, "RATE_LIMITED"),
    });
    const { api, client } = world(limited("20"), limited(date), ok(status(1)));
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(19_999);
    watch.refresh();
    await pass(0);
    expect(api.sent).toHaveLength(1);
    await pass(2_001);
    expect(api.sent).toHaveLength(2);
    await pass(59_000 - 22_000);
    expect(api.sent).toHaveLength(2);
    await pass(30_000);
    expect(api.sent.length).toBeGreaterThanOrEqual(3);
  });

  it.each([-20, 0, 20])("waits for a date by a clock that is %i minutes away", async (minutes) => {
    const date = Math.floor(Date.now() / 1000) * 1000 + minutes * 60_000;
    const limited: Reply = {
      status: 429,
      headers: {
        Date: new Date(date).toUTCString(),
        "Retry-After": new Date(date + 60_000).toUTCString(),
      },
      body: () => problem(429, "RATE_LIMITED"),
    };
    const { api, client } = world(limited, ok(status(1)));
    client.watchBatch(ID, { onUpdate() {} });
    await pass(59_000);
    expect(api.sent).toHaveLength(1);
    await pass(10_000);
    expect(api.sent.length).toBeGreaterThanOrEqual(2);
  });

  it("waits when RateLimit has none left", async () => {
    const { api, client } = world(ok(status(1), { RateLimit: '"a";r=3;t=60, "b";r=0;t=9' }));
    client.watchBatch(ID, { intervalMs: 1_000, onUpdate() {} });
    await pass(8_999);
    expect(api.sent).toHaveLength(1);
    await pass(1);
    expect(api.sent).toHaveLength(2);
  });
});

describe("tab", () => {
  it("asks nothing while hidden, and at once when shown", async () => {
    const page = new FakePage();
    const { api, client } = world(ok(status(1)));
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(0);
    page.hide();
    await pass(3_600_000);
    expect(api.sent).toHaveLength(1);
    page.show();
    await pass(0);
    expect(api.sent.map((one) => one.at)).toEqual([0, 3_600_000]);
    watch.stop();
    expect(page.listeners).toBe(0);
  });

  it("asks at once when the network is back", async () => {
    const page = new FakePage();
    const { api, client } = world({ fails: "hang" }, ok(status(1)));
    client.watchBatch(ID, { onUpdate() {} });
    await pass(100);
    page.online();
    await pass(0);
    expect(api.sent.map((one) => [one.at, one.aborted])).toEqual([
      [0, true],
      [100, false],
    ]);
  });

  it("gives up on a connection that is dead", async () => {
    const { client } = world({ fails: "hang" });
    const onError = vi.fn();
    client.watchBatch(ID, { onUpdate() {}, onError });
    await pass(35_000);
    expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["NETWORK_ERROR"]);
  });

  it("polls for an hour without leaving anything", async () => {
    const page = new FakePage();
    const { api, client } = world(ok(status(1), { ETag: '"a"' }), { status: 304 });
    const watch = client.watchBatch(ID, { onUpdate() {} });
    await pass(3_600_000);
    expect(api.sent).toHaveLength(721);
    expect(vi.getTimerCount()).toBe(1);
    expect(page.listeners).toBe(2);
    watch.stop();
    await pass(0);
    expect(vi.getTimerCount() + page.listeners).toBe(0);
  });
});
