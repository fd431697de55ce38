import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Webhook as Verifier } from "standardwebhooks";
import { afterAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type BatchStatus, createClient, type PulsoError } from "../../src/index.js";
import { api, cancelBatch, getOverview, getStatus } from "../samples/axios.js";

const HERE = fileURLToPath(new URL("../../", import.meta.url));
const { baseUrl, batchId, tokens } = inject("pulso");
const as = (name: string) => createClient({ baseUrl, token: tokens[name] });
/** A user of all accounts; reads of one batch are limited per user. */
const all = as("all");

/** No promise is timed by it. */
const PATIENCE = { timeout: 60_000 };

/** Requests since the test began, and the statuses of their answers. */
const requests: { url: string; status?: number }[] = [];
const answered = () => requests.flatMap(({ status }) => status ?? []);
/** A disk that stalls makes the API unavailable for some seconds. A test asks again so often. */
const MOST_WAITS = 10;
let waits = 0;
const wait = (retryAfter: unknown) => sleep(Number(retryAfter) * 1000);
const realFetch = globalThis.fetch;
vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
  const request: (typeof requests)[0] = { url };
  requests.push(request);
  let response = await realFetch(url, init);
  while (response.status === 503 && waits++ < MOST_WAITS) {
    await wait(response.headers.get("retry-after"));
    response = await realFetch(url, init);
  }
  request.status = response.status;
  return response;
});
api.interceptors.response.use(undefined, async (error) => {
  if (error.response?.status !== 503 || waits++ >= MOST_WAITS) throw error;
  await wait(error.response.headers["retry-after"]);
  return api(error.config);
});
beforeEach(() => {
  waits = 0;
  requests.length = 0;
});
afterAll(() => void vi.unstubAllGlobals());

const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable(),
    (error: unknown) => error as PulsoError,
  );

/** Watches until a state is as wanted, or for ever. */
const watchUntil = (wanted: (state: BatchStatus, before?: BatchStatus) => boolean) =>
  new Promise<BatchStatus[]>((resolve, reject) => {
    const states: BatchStatus[] = [];
    const watch = all.watchBatch(batchId, {
      onUpdate: (state) => {
        states.push(state);
        if (!wanted(state, states.at(-2))) return;
        watch.stop();
        resolve(states);
      },
      onError: reject,
    });
  });

describe("a running Pulso", () => {
  it("answers the first sample of the README", async () => {
    const sample = await readFile(new URL("../samples/first.ts", import.meta.url), "utf8");
    const options = JSON.stringify({ baseUrl, token: tokens.other });
    const code = sample.replace(/createClient\(.*\)/, `createClient(${options})`);
    const node = spawn(process.execPath, ["--input-type=module", "--eval", code], { cwd: HERE });
    const [printed] = await once(node.stdout, "data");
    node.kill();
    expect(`${printed}`).toMatch(/^.+ \d+ of \d+\n/);
  });

  it("answers each route", async () => {
    const summary = await all.summary(batchId);
    expect(summary).toMatchObject({ batch_id: batchId, status: "active" });
    expect(await all.status(batchId)).toMatchObject({ total_jobs: summary.total_jobs });
    expect((await all.overview()).account).toBeNull();
    const accounts = await all.accounts();
    const { account } = await all.overview({ account_id: accounts[0]?.account_id });
    expect(account).toMatchObject({ account_id: accounts[0]?.account_id });
    expect(await all.batch(batchId)).toMatchObject({ batch_id: batchId, is_cancelling: false });
  });

  it("tells what others change, between two polls", async () => {
    const client = createClient({ baseUrl, token: tokens.all, webSocket: WebSocket });
    const states: BatchStatus[] = [];
    const watch = client.watchBatch(batchId, {
      intervalMs: 3_600_000,
      onUpdate: (state) => states.push(state),
    });
    // The first answer, and the first message.
    await expect.poll(() => states.length, PATIENCE).toBeGreaterThan(1);
    await all.pause(batchId);
    await expect.poll(() => states.at(-1)?.is_active, PATIENCE).toBe(false);
    await all.resume(batchId);
    await expect.poll(() => states.at(-1)?.is_active, PATIENCE).toBe(true);
    expect(requests.filter(({ url }) => url.endsWith("/status"))).toHaveLength(1);
    watch.stop();
  });

  it("lists the batches page by page", async () => {
    const whole = await all.batches({ limit: 200 });
    expect(whole.next).toBeUndefined();
    const walked: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await all.batches({ limit: 3, sort: "created_at", cursor });
      walked.push(...page.batches.map((batch) => batch.batch_id));
      cursor = page.next;
    } while (cursor);
    const uploaded = whole.batches.map((batch) => batch.batch_id);
    expect(walked).toEqual(expect.arrayContaining(uploaded));
    expect(new Set(walked).size).toBe(walked.length);
    const call = all.batches({ limit: 3, sort: "name", cursor: "abc" });
    expect(await failure(call)).toMatchObject({
      status: 400,
      detail: expect.stringContaining("cursor"),
    });
  });

  it("shows a paused batch in the list at once", async () => {
    const states: (string | undefined)[] = [];
    const watch = all.watchBatches({
      q: batchId,
      onUpdate: ({ batches }) => states.push(batches[0]?.status),
    });
    await vi.waitUntil(() => states.at(-1) === "active", PATIENCE);
    await all.pause(batchId);
    await vi.waitUntil(() => states.at(-1) === "paused", PATIENCE);
    await all.resume(batchId);
    watch.stop();
  });

  it("delivers what the specification's own library verifies", async () => {
    const arrived: { body: string; headers: Record<string, string> }[] = [];
    const receiver = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      arrived.push({ body, headers: request.headers as Record<string, string> });
      response.writeHead(arrived.length === 1 ? 500 : 204).end();
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const { port } = receiver.address() as AddressInfo;
    const { account_id } = await all.batch(batchId);
    const { webhook_id, secret } = await all.webhooks.create({
      url: `http://127.0.0.1:${port}/hook`,
      events: ["batch.paused", "batch.resumed"],
      account_id: account_id ?? undefined,
    });
    await all.pause(batchId);
    await all.resume(batchId);
    // The first attempt fails, and its delivery comes again after about five seconds.
    await vi.waitUntil(() => arrived.length === 3, PATIENCE);
    const rotated = await all.webhooks.rotateSecret(webhook_id);
    await all.webhooks.test(webhook_id);
    await vi.waitUntil(() => arrived.length === 4, PATIENCE);
    receiver.close();
    for (const { body, headers } of arrived) new Verifier(secret).verify(body, headers);
    const [first, second, third, test] = arrived;
    new Verifier(rotated.secret).verify(test?.body ?? "", test?.headers ?? {});
    expect(() =>
      new Verifier(rotated.secret).verify(first?.body ?? "", first?.headers ?? {}),
    ).toThrow();
    const types = [first, second, third, test].map((one) => JSON.parse(one?.body ?? "").type);
    expect(types.slice(0, 3).sort()).toEqual(
      expect.arrayContaining(["batch.paused", "batch.resumed"]),
    );
    expect(types[3]).toBe("webhook.test");
    const ids = arrived.slice(0, 3).map((one) => one.headers["webhook-id"]);
    expect(new Set(ids).size).toBe(2);
    // A result is stored after the receiver has answered.
    const attempts = async () => {
      const { deliveries } = await all.webhooks.deliveries(webhook_id, { status: "succeeded" });
      return deliveries.map((one) => one.attempts).sort();
    };
    await expect.poll(attempts, PATIENCE).toEqual([1, 1, 2]);
    await all.webhooks.delete(webhook_id);
    expect(await failure(all.webhooks.get(webhook_id))).toMatchObject({
      code: "WEBHOOK_NOT_FOUND",
    });
  });

  it("names what is wrong", async () => {
    const reader = as("reader");
    const chile = (await as("operator").accounts()).map((account) => account.account_id);
    expect(chile).toEqual(["acc-chile-001"]);
    expect(await failure(all.status("no such batch"))).toMatchObject({
      status: 404,
      code: "BATCH_NOT_FOUND",
      detail: "Batch not found",
      requestId: expect.stringMatching(/./),
    });
    expect(await failure(reader.overview({ account_id: "acc-peru-001" }))).toMatchObject({
      status: 403,
      code: "ACCOUNT_FORBIDDEN",
    });
    expect(await failure(as("expired").accounts())).toMatchObject({ status: 401 });
    expect(await failure(all.cancel(batchId, { reason: "x".repeat(501) }))).toMatchObject({
      status: 400,
      code: "INVALID_REASON",
    });
  });

  it("limits who polls too often, and a watcher never is one", async () => {
    const operator = as("operator");
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => operator.status("b")));
    const limited = calls.map((call) => (call as PromiseRejectedResult).reason as PulsoError);
    const one = limited.find((error) => error.code === "RATE_LIMITED");
    expect(one?.retryAfter).toBeGreaterThanOrEqual(1);

    requests.length = 0;
    const watch = all.watchBatch(batchId, { intervalMs: 50, onUpdate() {} });
    await vi.waitUntil(() => answered().length >= 4, PATIENCE);
    watch.stop();
    expect(answered()).not.toContain(429);
  });

  it("shows how a batch moves", async () => {
    const states = await watchUntil((state, before) => before !== undefined && state !== before);
    expect(states.at(-1)).not.toEqual(states[0]);
    expect(states.at(-1)?.total_jobs).toBe(states[0]?.total_jobs);
  });

  it("pauses and resumes, which watchers see at once", async () => {
    const seen: boolean[] = [];
    const watch = all.watchBatch(batchId, {
      intervalMs: 3_600_000,
      onUpdate: (state) => seen.push(state.is_active),
    });
    await vi.waitUntil(() => seen.length > 0, PATIENCE);
    expect(await all.pause(batchId)).toEqual({ success: true, message: "Batch paused" });
    await vi.waitUntil(() => seen.at(-1) === false, PATIENCE);
    await all.resume(batchId);
    await vi.waitUntil(() => seen.at(-1) === true, PATIENCE);
    watch.stop();
  });

  it("pauses and resumes many, after a dry run", async () => {
    const selection = { batch_ids: [batchId, "no such batch"] };
    const { batches } = await all.pauseMany(selection, { dryRun: true });
    expect(batches).toBe(1);
    expect(await failure(all.pauseMany(selection, { expected: 2 }))).toMatchObject({
      code: "SELECTION_CHANGED",
      batches: 1,
    });
    const paused = await all.pauseMany(selection, { expected: 1, wait: true });
    expect(paused).toMatchObject({ action: "pause", done: 1, finished_at: expect.any(String) });
    const { operation_id } = await all.resumeMany(selection, { expected: 1 });
    expect(await all.operation(operation_id)).toMatchObject({ action: "resume", batches: 1 });
    await vi.waitUntil(async () => (await all.batch(batchId)).is_active, PATIENCE);
  });

  it("answers the samples with axios", async () => {
    api.defaults.baseURL = baseUrl;
    api.defaults.headers.common.Authorization = `Bearer ${tokens.all}`;
    // By its `_id`: the limit of the other address is spent.
    const { _id } = await all.batch(batchId);
    expect((await getStatus(_id)).batch_id).toBe(batchId);
    expect((await getOverview()).success).toBe(true);
    const reason = "Cliente solicitó detención: 100 % + más";
    expect(await cancelBatch(batchId, reason)).toMatchObject({ success: true, reason });
  });

  it("cancels for good, and what stays as it is costs no whole answer", async () => {
    const cancelled = await all.cancel(batchId, { reason: "another", wait: true });
    expect(cancelled).toMatchObject({
      finished: true,
      reason: expect.stringContaining("100 % + más"),
    });
    expect(await failure(all.resume(batchId))).toMatchObject({
      status: 409,
      code: "BATCH_CANCELLED",
    });
    requests.length = 0;
    await watchUntil((state, before) => before !== undefined && state.completed_at !== null);
    expect(answered()[0]).toBe(200);
    // Calls under way end by themselves, and change the answer until then.
    const isCalm = async () => (await all.batch(batchId)).in_progress_jobs === 0;
    await vi.waitUntil(isCalm, { ...PATIENCE, interval: 1_000 });
    // Node keeps no answers; the client sends the ETag itself.
    const again = all.watchBatch(batchId, { intervalMs: 6_000, onUpdate() {} });
    await vi.waitUntil(() => answered().includes(304), PATIENCE);
    again.stop();
  });
});
