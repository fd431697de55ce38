import "./support/clock.js";
import { describe, expect, it, vi } from "vitest";
import { createClient, PulsoError } from "../src/index.js";
import { FakeApi } from "./support/api.js";
import { ID, ok, pass, world } from "./support/script.js";
import { overview, problem, status } from "./support/states.js";

/** What the call rejects with. */
const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe("requests", () => {
  it("encodes ids and reasons", async () => {
    const { api, client } = world(ok({ success: true, message: "", reason: null }));
    await client.cancel("a/b ñ?", { reason: "100 % + más & otra" });
    expect(api.sent[0]?.path).toBe("batches/a%2Fb%20%C3%B1%3F/cancel");
    expect(api.sent[0]?.query.get("reason")).toBe("100 % + más & otra");
    expect(api.sent[0]?.method).toBe("POST");
  });

  it.each(["", ".", ".."])("rejects %j, which no URL can name", async (id) => {
    const { api, client } = world(ok({}));
    expect(await failure(client.status(id))).toBeInstanceOf(TypeError);
    expect(() => client.watchBatch(id, { onUpdate() {} })).toThrow(TypeError);
    expect(api.sent).toEqual([]);
  });

  it("takes a base URL with a slash or without", async () => {
    const api = new FakeApi(() => ok(status(1)));
    for (const base of [api.baseUrl, api.baseUrl.replace(/\/$/, "")]) {
      await createClient({ baseUrl: base }).status(ID);
    }
    expect(api.sent.map((one) => one.path)).toEqual([
      `batches/${ID}/status`,
      `batches/${ID}/status`,
    ]);
    expect(api.sent[0]?.headers.has("authorization")).toBe(false);
  });

  it("asks for the token before each request", async () => {
    const api = new FakeApi(() => ok(overview("2025-01-15T10:30:00.000000Z")));
    const tokens = ["one", "two"];
    const client = createClient({ baseUrl: api.baseUrl, token: async () => tokens.shift() });
    await client.overview();
    await client.overview({ account_id: "acc-chile-001" });
    await client.overview({ account_id: undefined });
    const sent = api.sent.map((one) => [one.headers.get("authorization"), `${one.query}`]);
    expect(sent).toEqual([
      ["Bearer one", ""],
      ["Bearer two", "account_id=acc-chile-001"],
      [null, ""],
    ]);
  });
});

describe("the API's clock", () => {
  const MINUTE_MS = 60_000;
  /** Whole seconds, as `Date` is written. */
  const at = (ms: number) => ({ Date: new Date(ms).toUTCString() });
  const body = overview("2025-01-15T10:30:00.000000Z");

  it.each([-20, 20])("is %i minutes away", async (minutes) => {
    vi.setSystemTime(1_800_000_000_400);
    const { client } = world(ok(body, at(Date.now() + minutes * MINUTE_MS)));
    expect(client.clockOffsetMs).toBe(0);
    await client.overview();
    expect(Math.abs(client.clockOffsetMs - minutes * MINUTE_MS)).toBeLessThanOrEqual(1_000);
  });

  it("is right until an answer proves more than its seconds and its way explain", async () => {
    vi.setSystemTime(1_800_000_000_900);
    const slow = { upMs: 8_000, downMs: 8_000 };
    const { client } = world(
      ok(body, at(1_800_000_000_900)),
      ok(body),
      ok(body, { Date: "no date" }),
      { ...ok(body, at(1_800_000_008_900)), ...slow },
      ok(body, at(1_800_000_016_900 + MINUTE_MS)),
    );
    const offsets: number[] = [];
    for (let i = 0; i < 5; i++) {
      const call = client.overview();
      await pass(i === 3 ? 16_000 : 0);
      await call;
      offsets.push(client.clockOffsetMs);
    }
    expect(offsets.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(offsets[4]).toBeGreaterThan(MINUTE_MS - 1_000);
  });
});

describe("errors", () => {
  it("have what the API says", async () => {
    const { client } = world({
      status: 429,
      headers: { "Retry-After": "4", "apigw-requestid": "abc=" },
      body: () => problem(429, "RATE_LIMITED", "Polled too often."),
    });
    const error = await failure(client.status(ID));
    expect(error).toBeInstanceOf(PulsoError);
    expect(error).toMatchObject({
      name: "PulsoError",
      status: 429,
      code: "RATE_LIMITED",
      detail: "Polled too often.",
      message: "Polled too often.",
      retryAfter: 4,
      requestId: "abc=",
    });
  });

  it.each([
    [{ status: 401, body: () => ({ message: "Unauthorized" }) }, "HTTP_ERROR", "Unauthorized"],
    [{ status: 502, body: () => "<html>" }, "HTTP_ERROR", "HTTP status 502"],
    [{ status: 500, body: () => "null" }, "HTTP_ERROR", "HTTP status 500"],
    [{ status: 200, body: () => "<html>" }, "INVALID_ANSWER", "The answer is not JSON."],
    [{ status: 200, body: () => "null" }, "INVALID_ANSWER", "The answer is not JSON."],
    [{ fails: "connection" as const }, "NETWORK_ERROR", "The API cannot be reached."],
  ])("tell %j apart", async (reply, code, detail) => {
    const { client } = world(reply);
    const status = "status" in reply ? reply.status : 0;
    expect(await failure(client.summary(ID))).toMatchObject({ code, detail, status });
  });

  it("name a token that cannot be had", async () => {
    const cause = new Error("signed out");
    const token = () => Promise.reject(cause);
    const client = createClient({ baseUrl: "https://pulso.example/api/v1", token });
    expect(await failure(client.accounts())).toMatchObject({ code: "TOKEN_ERROR", cause });
  });

  it("are the signal's reason after an abort", async () => {
    const { api, client } = world({ fails: "hang" });
    const controller = new AbortController();
    const call = failure(client.resume(ID, { signal: controller.signal }));
    await pass(10);
    controller.abort(new Error("no longer needed"));
    expect(await call).toEqual(new Error("no longer needed"));
    expect(api.sent[0]?.aborted).toBe(true);
    expect(await failure(client.pause(ID, { signal: controller.signal }))).toEqual(await call);
    expect(api.sent).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("end a wait for a token too", async () => {
    const { api } = world(ok({}));
    const client = createClient({ baseUrl: api.baseUrl, token: () => new Promise(() => {}) });
    const call = failure(client.accounts());
    await pass(35_000);
    expect(await call).toMatchObject({ code: "NETWORK_ERROR", status: 0 });
    expect(api.sent).toEqual([]);
  });
});

describe("cancel", () => {
  const answer = { success: true, message: "Batch cancelled successfully", reason: "first" };
  const accepted = { status: 202, body: () => answer };

  it("says whether it is finished", async () => {
    const { client } = world(accepted, ok(answer));
    expect(await client.cancel(ID, { reason: "first" })).toEqual({ ...answer, finished: false });
    expect(await client.cancel(ID)).toEqual({ ...answer, finished: true });
  });

  it("waits until it is carried through, whatever fails meanwhile", async () => {
    const away = {
      status: 503,
      headers: { "Retry-After": "30" },
      body: () => problem(503, "DATABASE_UNAVAILABLE"),
    };
    const { api, client } = world(accepted, accepted, { fails: "connection" }, away, ok(answer));
    const done = vi.fn();
    const call = client.cancel(ID, { reason: "first", wait: true }).then(done);
    await pass(3_600_000);
    await call;
    expect(done).toHaveBeenCalledExactlyOnceWith({ ...answer, finished: true });
    const at = api.sent.map((one) => one.at);
    expect(at).toHaveLength(5);
    expect((at[4] ?? 0) - (at[3] ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(api.sent.map((one) => one.query.get("reason"))).toEqual(at.map(() => "first"));
  });

  it("stops waiting for what cannot be mended, or when it is told to", async () => {
    const denied = { status: 403, body: () => problem(403, "FORBIDDEN") };
    const { client } = world(accepted, denied, accepted);
    const call = failure(client.cancel(ID, { wait: true }));
    await pass(10_000);
    expect(await call).toMatchObject({ code: "FORBIDDEN" });
    const controller = new AbortController();
    const other = failure(client.cancel(ID, { wait: true, signal: controller.signal }));
    await pass(10);
    controller.abort(new Error("closed"));
    expect(await other).toEqual(new Error("closed"));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("throws the first error at once", async () => {
    const { api, client } = world({ fails: "connection" });
    expect(await failure(client.cancel(ID, { wait: true }))).toBeInstanceOf(PulsoError);
    expect(api.sent).toHaveLength(1);
  });
});

describe("many", () => {
  const selection = { account_id: "acc-chile-001", status: "active,paused" };
  const preview = { action: "cancel", batches: 12, jobs: 480, unchanged: 3, examples: [] };
  const accepted = { operation_id: "0123456789abcdef01234567", action: "cancel", batches: 12 };
  const progress = (done: number, finished_at: string | null = null) => ({
    ...accepted,
    done,
    finished_at,
  });

  it("asks first, then changes what was expected", async () => {
    const { api, client } = world(ok(preview), { status: 202, body: () => accepted });
    expect(await client.cancelMany(selection, { dryRun: true })).toEqual(preview);
    const options = { expected: 12, reason: "Cliente" };
    expect(await client.cancelMany(selection, options)).toEqual(accepted);
    expect(api.sent.map((one) => [one.method, one.path, one.body])).toEqual([
      ["POST", "batch-operations", { action: "cancel", ...selection, dry_run: true }],
      ["POST", "batch-operations", { action: "cancel", ...selection, ...options }],
    ]);
    expect(api.sent[0]?.headers.get("content-type")).toBe("application/json");
  });

  it("waits until the operation is finished", async () => {
    const { api, client } = world(
      { status: 202, body: () => accepted },
      ok(progress(3)),
      { fails: "connection" },
      ok(progress(12, "2025-01-15T11:30:00.000000Z")),
    );
    const onProgress = vi.fn();
    const call = client.pauseMany({ all: true }, { expected: 12, wait: true, onProgress });
    await pass(60_000);
    expect(onProgress.mock.calls.map(([operation]) => operation.done)).toEqual([3, 12]);
    expect((await call).done).toBe(12);
    expect(api.sent[0]?.body).toEqual({ action: "pause", all: true, expected: 12 });
    expect(api.sent.slice(1).map((one) => one.path)).toEqual(
      [1, 2, 3].map(() => `batch-operations/${accepted.operation_id}`),
    );
  });

  it("says how many it would be now", async () => {
    const body = () => ({ ...problem(409, "SELECTION_CHANGED"), batches: 13 });
    const { client } = world({ status: 409, body });
    const call = client.resumeMany({ batch_ids: ["a", "b"] }, { expected: 2 });
    expect(await failure(call)).toMatchObject({ code: "SELECTION_CHANGED", batches: 13 });
  });
});
