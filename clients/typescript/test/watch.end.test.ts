import "./support/clock.js";
import { describe, expect, it, vi } from "vitest";
import type { Reply } from "./support/api.js";
import { ID, ok, pass, world } from "./support/script.js";
import { OVER, problem, status } from "./support/states.js";

/** Of the jobs that have not completed, all have failed. */
const over = (completed: number) =>
  status(completed, { ...OVER, pending_jobs: 0, failed_jobs: 1924 - completed });

describe("end", () => {
  it("asks once more when a batch is over, then stops", async () => {
    const { api, client } = world(ok(status(1)), ok(over(2)), ok(over(3)));
    const shown: number[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(3_600_000);
    expect(shown).toEqual([1, 2, 3]);
    expect(api.sent.map((one) => one.at)).toEqual([0, 5_000, 10_000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops though jobs of a completed batch ended in no way that a status counts", async () => {
    const completed = { completed_at: OVER.completed_at, pending_jobs: 0 };
    const { api, client } = world(ok(status(1)), ok(status(1923, completed)));
    client.watchBatch(ID, { onUpdate() {} });
    await pass(3_600_000);
    expect(api.sent).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("goes on while jobs of a cancelled batch still wait, and when jobs are added", async () => {
    const { client } = world(
      ok(status(1, OVER)),
      ok(status(2, OVER)),
      ok(status(3, { pending_jobs: 5 })),
      ok(over(4)),
      ok(over(5)),
      ok(over(6)),
    );
    const shown: number[] = [];
    client.watchBatch(ID, { onUpdate: (state) => shown.push(state.completed_jobs) });
    await pass(3_600_000);
    expect(shown).toEqual([1, 2, 3, 4, 5]);
  });

  it("goes on while calls of a cancelled batch may be under way", async () => {
    const cancelled = { ...OVER, pending_jobs: 0 };
    const { client } = world(
      ok(status(1, cancelled)),
      ok(status(1, cancelled)),
      ok(status(2, cancelled)),
    );
    const onUpdate = vi.fn();
    const watch = client.watchBatch(ID, { onUpdate });
    await pass(3_600_000);
    expect(onUpdate.mock.lastCall?.[0].completed_jobs).toBe(2);
    watch.stop();
  });

  it.each([
    [404, { message: "Not Found" }],
    [400, "<html>Bad Request</html>"],
  ])("goes on after a %i that is not of the API", async (status_, body) => {
    const { client } = world({ ...ok(body), status: status_ }, ok(status(1)));
    const [onUpdate, onError] = [vi.fn(), vi.fn()];
    const watch = client.watchBatch(ID, { onUpdate, onError });
    await pass(30_000);
    expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["HTTP_ERROR"]);
    expect(onUpdate).toHaveBeenCalled();
    watch.stop();
  });

  it("ends with an error that no later poll mends", async () => {
    const gone: Reply = {
      status: 404,
      body: () => problem(404, "BATCH_NOT_FOUND", "Batch not found"),
    };
    const { api, client } = world(gone);
    const onError = vi.fn();
    client.watchBatch(ID, { onUpdate() {}, onError });
    await pass(3_600_000);
    expect(api.sent).toHaveLength(1);
    expect(onError.mock.calls.map(([error]) => error.detail)).toEqual(["Batch not found"]);
  });

  it("says nothing after stop or abort", async () => {
    const { api, client } = world({ ...ok(status(1)), downMs: 100 });
    const onUpdate = vi.fn();
    const controller = new AbortController();
    client.watchBatch(ID, { onUpdate, signal: controller.signal });
    client.watchBatch(ID, { onUpdate, signal: AbortSignal.abort() }).refresh();
    const watch = client.watchBatch(ID, { onUpdate });
    await pass(50);
    controller.abort();
    watch.stop();
    watch.stop();
    await pass(3_600_000);
    expect(onUpdate).not.toHaveBeenCalled();
    expect(api.sent.map((one) => one.aborted)).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves nothing on the signal", async () => {
    const { client } = world(ok(status(1)));
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    client.watchBatch(ID, { onUpdate() {}, signal }).stop();
    expect(removed.mock.calls[0]?.slice(0, 2)).toEqual(added.mock.calls[0]?.slice(0, 2));
  });
});
