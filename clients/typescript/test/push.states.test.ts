import "./support/clock.js";
import { describe, expect, it } from "vitest";
import type { DashboardOverview } from "../src/index.js";
import { FakeSocket, tokenOf, withPush } from "./support/push.js";
import { ID, pass } from "./support/script.js";
import { OVER, overview, problem, row, status } from "./support/states.js";

describe("what push shows", () => {
  it("takes the place of polls once a state was told", async () => {
    const { client, polls } = withPush();
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

  it("keeps the object while push and polls say the same", async () => {
    const { api, client } = withPush();
    const answer = (completed: number) => {
      api.reply = () => ({ headers: { ETag: `"${completed}"` }, body: () => status(completed) });
    };
    const shown: unknown[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state) });
    await pass(2_000);
    FakeSocket.last.open();
    answer(1);
    await pass(61_000);
    const before = shown.length;
    FakeSocket.last.tellStatus(10, 1);
    answer(2);
    await pass(61_000);
    FakeSocket.last.tellStatus(11, 2);
    FakeSocket.last.tellStatus(12, 3);
    answer(3);
    await pass(61_000);
    const seen = shown.slice(before - 1);
    expect(seen).toEqual([1, 1, 2, 2, 3, 3].map((completed) => status(completed)));
    expect(new Set(seen).size).toBe(3);
    const etags = api.sent.slice(-2).map((one) => one.headers.get("if-none-match"));
    expect(etags).toEqual(['"1"', null]);
  });

  it("never shows an older state after a newer one", async () => {
    const { client } = withPush();
    const shown: number[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(11, 8);
    FakeSocket.last.tellStatus(10, 7);
    expect(shown).toEqual([1, 8]);
  });

  it("lets a message wait that may be older than an answer", async () => {
    const { client } = withPush();
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

  it("shows no state from before an action", async () => {
    const { api, client } = withPush();
    const shown: boolean[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.is_active) });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 7);
    const paused = { is_active: false };
    api.reply = () => ({ upMs: 300, body: () => status(8, paused) });
    const action = client.pause(ID);
    await pass(300);
    await action;
    await pass(200);
    FakeSocket.last.tellStatus(11, 8);
    expect(shown).toEqual([true, true]);
    await pass(600);
    FakeSocket.last.tellStatus(12, 9, paused);
    await pass(1_000);
    expect(shown).toEqual([true, true, false, false]);
  });

  it("shows no overview that is older than an answer", async () => {
    const { client, polls } = withPush();
    const jobs: number[] = [];
    client.watchOverview({ onUpdate: (state) => jobs.push(state.metrics.jobs_today) });
    await pass(2_000);
    FakeSocket.last.open();
    const tell = (version: number, data: DashboardOverview) =>
      FakeSocket.last.tell({
        type: "dashboard.overview",
        overview: true,
        account_id: null,
        version,
        data,
      });
    tell(5, overview("2025-01-15T10:29:55.000000Z", 8));
    expect(jobs).toEqual([1]);
    await pass(40_000);
    expect(polls()).toBe(1);
    tell(6, overview("2025-01-15T10:30:05.000000Z", 9));
    expect(jobs).toEqual([1, 9]);
  });

  it.each([
    ["another person", tokenOf("ben")],
    ["a token that is no JWT", "opaque"],
    ["nobody", undefined],
  ])("shows nothing from the connection of who was there before %s", async (_, next) => {
    let token: string | undefined = tokenOf("ana");
    const { client } = withPush(null, () => token);
    const shown: number[] = [];
    const watch = client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(2_000);
    const before = FakeSocket.last;
    before.open();
    before.tellStatus(10, 7);
    token = next;
    watch.refresh();
    await pass(0);
    before.tellStatus(11, 8);
    await pass(4_000);
    expect(before.readyState).toBe(3);
    expect(shown).not.toContain(8);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(12, 900);
    await pass(1_000);
    expect(shown.at(-1)).toBe(900);
  });

  it("ends with the batch", async () => {
    const { client, polls } = withPush();
    client.watchBatch(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    FakeSocket.last.tellStatus(10, 1924, { ...OVER, pending_jobs: 0 });
    FakeSocket.last.tellStatus(11, 1924, { ...OVER, pending_jobs: 0 });
    await pass(120_000);
    expect(polls()).toBe(1);
    expect(FakeSocket.last.readyState).toBe(3);
  });

  it("shows overviews, and changed rows of a list", async () => {
    const { client } = withPush();
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

  it("loses no row that is told soon after an answer", async () => {
    const { api, client } = withPush();
    const shown: string[][] = [];
    client.watchBatches({ onUpdate: (page) => shown.push(page.batches.map((one) => one.status)) });
    await pass(2_000);
    FakeSocket.last.open();
    await pass(8_100);
    expect(shown.at(-1)).toEqual(["active", "active"]);
    const changed = (id: string, batchId: string) => ({
      _id: id,
      ...row(batchId),
      status: "paused",
    });
    const rows = [changed("1", "a"), changed("2", "b")];
    const about = { type: "batches.changed", batches: true, account_id: null };
    for (const [i, one] of rows.entries()) {
      FakeSocket.last.tell({ ...about, version: 5 + i, data: [one] });
    }
    api.reply = () => ({ body: () => rows });
    await pass(1_000);
    expect(shown.at(-1)).toEqual(["paused", "paused"]);
  });

  it("asks for a list although rows are told faster than it answers", async () => {
    const { api, client } = withPush();
    const shown: number[] = [];
    client.watchBatches({ onUpdate: (page) => shown.push(page.batches.length) });
    await pass(2_000);
    FakeSocket.last.open();
    await pass(2_000);
    api.reply = () => ({ upMs: 500, body: () => [{ _id: "1", ...row("a") }] });
    const about = { type: "batches.changed", batches: true, account_id: null };
    for (let version = 5; version < 45; version++) {
      FakeSocket.last.tell({ ...about, version, data: [{ _id: "1", ...row("a") }] });
      await pass(300);
    }
    expect(shown.at(-1)).toBe(1);
    expect(api.sent.some((one) => one.aborted)).toBe(false);
  });

  it("hides no failed poll behind rows that are told, nor asks the sooner for them", async () => {
    const { api, client, polls } = withPush();
    const watch = () => {
      const seen: string[] = [];
      client.watchBatches({
        onUpdate: (page) => seen.push(page.batches.map((one) => one.status).join()),
        onError: (error) => seen.push(error.code),
      });
      return seen;
    };
    const seen = watch();
    await pass(2_000);
    FakeSocket.last.open();
    api.reply = () => ({ upMs: 500, status: 503, body: () => problem(503, "UNAVAILABLE") });
    await pass(9_000);
    expect(seen).toEqual(["active,active", "UNAVAILABLE"]);
    const before = polls();
    const data = [{ _id: "2", ...row("b"), status: "paused" }];
    for (let version = 5; version < 205; version++) {
      FakeSocket.last.tell({
        type: "batches.changed",
        batches: true,
        account_id: null,
        version,
        data,
      });
      await pass(300);
    }
    expect(polls() - before).toBeLessThan(10);
    expect(new Set(seen.slice(1))).toEqual(new Set(["UNAVAILABLE"]));
    const later = watch();
    await pass(0);
    expect(later).toEqual(["active,paused", "UNAVAILABLE"]);
  });

  it("waits after a failed poll, however often it is told of a change", async () => {
    const { api, client, polls } = withPush();
    client.watchDetails(ID, { onUpdate() {} });
    await pass(2_000);
    FakeSocket.last.open();
    api.reply = () => ({ upMs: 500, status: 503, body: () => problem(503, "UNAVAILABLE") });
    await pass(5_000);
    const before = polls();
    for (let version = 5; version < 205; version++) {
      FakeSocket.last.tell({ type: "batch.changed", batch_id: ID, version });
      await pass(300);
    }
    expect(polls() - before).toBeLessThan(10);
  });

  it("asks for lists as often as without push, since nothing tells what left", async () => {
    const { api, client } = withPush();
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
});
