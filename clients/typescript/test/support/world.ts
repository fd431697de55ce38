import { expect, vi } from "vitest";
import { createClient, type PulsoError, type Watch } from "../../src/index.js";
import { meaning, type Scripted } from "./answers.js";
import { FakeApi, type Reply, type Sent } from "./api.js";
import { fixRandom } from "./clock.js";
import { FakePage } from "./page.js";
import { OVER, status } from "./states.js";

export type Step =
  | { do: "wait"; ms: number }
  | { do: "join"; intervalMs: number; bySignal: boolean }
  | { do: "stop" | "refresh"; which: number }
  | { do: "hide" | "show" | "online" | "change" | "finish" | "burst" | "swap" | "act" };

interface Watching {
  watch: Watch;
  intervalMs: number;
  stop(): void;
  /** Whether it still has a right to hear: neither stopped nor told the end. */
  isRunning: boolean;
  isStopped: boolean;
  shown: number | undefined;
}

const HEALTHY: Scripted = { kind: "ok", upMs: 0, downMs: 20, seconds: 0 };

/** A page that watches one batch, an API with a script, and what has to be true at any moment. */
export class World {
  /** What was found where an exception would be taken for an answer. */
  readonly wrong: string[] = [];
  readonly #page = new FakePage();
  readonly #watchers: Watching[] = [];
  readonly #api = new FakeApi((request) => this.#reply(request));
  readonly #client = createClient({ baseUrl: this.#api.baseUrl });
  readonly #script: Scripted[];
  #version = 0;
  #isOver = false;
  #isHealthy = false;
  #newestShown = -1;
  #blockedUntil = 0;
  /** The earliest next request, if nobody did anything since. */
  #paceUntil = 0;
  #steppedAt = 0;
  #etag: string | null = null;
  /** Whether nobody watched since the last answer, so that it may be forgotten. */
  #mayForget = true;

  constructor(script: Scripted[]) {
    fixRandom();
    this.#script = script;
  }

  async take(step: Step): Promise<void> {
    if (step.do === "wait") return void (await vi.advanceTimersByTimeAsync(step.ms));
    this.#paceUntil = 0;
    this.#steppedAt = performance.now();
    const wasHidden = this.#page.isHidden;
    if (step.do === "join") this.#join(step.intervalMs, step.bySignal);
    if (step.do === "stop") this.#any(step.which)?.stop();
    if (step.do === "refresh") this.#any(step.which)?.watch.refresh();
    if (step.do === "change" && !this.#isOver) this.#version += 1;
    if (step.do === "finish") this.#isOver = true;
    if (step.do === "hide") this.#page.hide();
    if (step.do === "show") this.#page.show();
    if (step.do === "online") this.#page.online();
    if (step.do === "burst") this.#burst();
    if (step.do === "swap") await this.#swap();
    if (step.do === "act" && !this.#isOver) await this.#act();
    if (step.do === "online" || (step.do === "show" && wasHidden)) await this.#asksAtOnce();
  }

  /** After a calm time everybody knows the newest state, and the end is the end. */
  async settle(): Promise<void> {
    this.#page.show();
    this.#isHealthy = true;
    await vi.advanceTimersByTimeAsync(400_000);
    for (const one of this.#running()) expect(one.shown, "newest state").toBe(this.#version);
    if (!this.#isOver) return;
    const before = this.#api.sent.length;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(this.#api.sent.length, "requests after the end").toBe(before);
  }

  /** Nothing is left of watchers that have stopped. */
  async leave(): Promise<void> {
    for (const one of this.#watchers) one.stop();
    expect(this.#api.underway, "requests under way").toEqual([]);
    await vi.advanceTimersByTimeAsync(4_000_000);
    expect(vi.getTimerCount(), "timers").toBe(0);
    expect(this.#page.listeners, "listeners").toBe(0);
  }

  #must(holds: boolean, what: string): void {
    if (!holds) this.wrong.push(`${what} at ${performance.now()}`);
  }

  #running(): Watching[] {
    return this.#watchers.filter((one) => one.isRunning);
  }

  #any(which: number): Watching | undefined {
    return this.#watchers[which % this.#watchers.length];
  }

  async #asksAtOnce(): Promise<void> {
    const isBlocked = performance.now() < this.#blockedUntil;
    const isWatched = this.#running().length > 0 && !this.#isOver;
    if (!isWatched || this.#page.isHidden || isBlocked) return;
    await vi.advanceTimersByTimeAsync(0);
    this.#must(this.#api.sent.at(-1)?.at === performance.now(), "did not ask at once");
  }

  #burst(): void {
    for (let i = 0; i < 3; i++) this.#join(1_000, false);
    for (const one of this.#running().slice(-2)) one.stop();
  }

  /** Whoever has paused a batch does not want to be shown the state before. */
  async #act(): Promise<void> {
    const act = this.#client.pause("b");
    await vi.advanceTimersByTimeAsync(400);
    await act;
    this.#newestShown = this.#version;
  }

  /** As when somebody leaves a view and comes back. */
  async #swap(): Promise<void> {
    for (const one of this.#running()) one.stop();
    await vi.advanceTimersByTimeAsync(100);
    this.#join(1_000, true);
  }

  #join(intervalMs: number, bySignal: boolean): void {
    const controller = new AbortController();
    const watch = this.#client.watchBatch("b", {
      intervalMs,
      signal: controller.signal,
      onUpdate: (state) => this.#updated(one, state.completed_jobs),
      onError: (error) => this.#failed(one, error),
    });
    const stop = () => {
      one.isStopped = true;
      this.#ended([one]);
      bySignal ? controller.abort() : watch.stop();
    };
    const one = { watch, intervalMs, stop, isRunning: true, isStopped: false, shown: undefined };
    this.#watchers.push(one);
  }

  #ended(those: Watching[]): void {
    for (const one of those) one.isRunning = false;
    if (this.#running().length === 0) this.#mayForget = true;
  }

  #updated(one: Watching, version: number): void {
    this.#must(!one.isStopped, "told after the stop");
    this.#must(version >= this.#newestShown, "showed an older state");
    this.#newestShown = version;
    one.shown = version;
  }

  #failed(one: Watching, error: PulsoError): void {
    this.#must(!one.isStopped, "told after the stop");
    if (error.status === 404) this.#ended([one]);
  }

  #reply(request: Sent): Reply {
    return request.method === "POST" ? this.#acted() : this.#polled(request);
  }

  #acted(): Reply {
    const body = () => {
      this.#version += 1;
      return { success: true };
    };
    const arrived = () => {
      this.#steppedAt = performance.now();
      this.#paceUntil = 0;
    };
    return { upMs: 200, downMs: 200, body, arrived };
  }

  #polled(request: Sent): Reply {
    this.#must(!this.#page.isHidden, "asked while hidden");
    const underway = this.#api.underway.filter((one) => one.method === "GET");
    this.#must(underway.length === 1, "several requests at once");
    this.#must(
      this.#watchers.some((one) => !one.isStopped),
      "asked for nobody",
    );
    this.#must(request.at >= this.#blockedUntil, "asked before it was allowed");
    this.#must(request.at >= this.#paceUntil, "asked too early");
    const etag = request.headers.get("if-none-match");
    this.#must(etag === this.#etag || (etag === null && this.#mayForget), "sent another ETag");
    const next = this.#script[this.#api.sent.length % this.#script.length] as Scripted;
    const { reply, blocksMs, isFailure } = meaning(this.#isHealthy ? HEALTHY : next);
    const arrived = () => {
      const now = performance.now();
      this.#blockedUntil = Math.max(this.#blockedUntil, now + (blocksMs ?? 0));
      const interval = Math.min(...this.#running().map((each) => each.intervalMs));
      // Backoff begins at half of the interval, of 5 s at most.
      const pauseMs = isFailure ? Math.min(interval, 5_000) / 2 : interval;
      if (this.#steppedAt < request.at) this.#paceUntil = now + pauseMs;
    };
    return isFailure ? { ...reply, arrived } : this.#good(request, reply, arrived);
  }

  /** The state of the batch at the moment when the API decides. */
  #good(request: Sent, reply: Reply, arrived: () => void): Reply {
    let etag = "";
    const good: Reply = {
      ...reply,
      body: () => {
        etag = `"${this.#version}-${this.#isOver}"`;
        good.headers = { ...reply.headers, ETag: etag };
        if (request.headers.get("if-none-match") === etag) good.status = 304;
        const failed_jobs = 1924 - this.#version;
        return status(this.#version, this.#isOver ? { ...OVER, pending_jobs: 0, failed_jobs } : {});
      },
      arrived: () => {
        this.#etag = etag;
        this.#mayForget = this.#isOver;
        arrived();
      },
    };
    return good;
  }
}
