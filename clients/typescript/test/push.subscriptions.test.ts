import "./support/clock.js";
import { describe, expect, it } from "vitest";
import { FakeSocket, withPush } from "./support/push.js";
import { ID, pass } from "./support/script.js";
import { overview, problem } from "./support/states.js";

describe("subscriptions of push", () => {
  it("subscribes again after an error that passes", async () => {
    const { client } = withPush();
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
    const { client } = withPush();
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
    const { api, client, polls } = withPush();
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
    const { client } = withPush();
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

  it("takes what names no subscription for none of a list", async () => {
    const { client } = withPush();
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
