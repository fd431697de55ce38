import { isAboutCaller, isTemporary, type PulsoError } from "./error.js";
import { guarded } from "./guarded.js";
import { type Known, learn, learnTold } from "./known.js";
import { isHidden, onPresence } from "./presence.js";
import type { Question, Watcher } from "./question.js";
import { backoffMs, now, rateLimitWaitMs, retryAfterMs } from "./timing.js";

/** While it is told what changes, a poll asks only now and then, in case something was missed. */
const TOLD_INTERVAL_MS = 60_000;
/** What is told so soon after an answer or a change may be older than that. */
const OVERTAKEN_MS = 1_000;

/** The first wait after an error; for a watcher with a shorter interval, that interval. */
const FIRST_BACKOFF_MS = 5_000;

/**
 * One question, asked again and again for all its watchers, one request at a time. Only the answer to
 * the newest request counts, so no watcher sees a state after a newer one.
 */
export class Poll<T> {
  readonly #question: Question<T>;
  readonly #forget: () => void;
  readonly #watchers = new Set<Watcher<T>>();
  /** Those of them that have not been told anything. */
  readonly #newcomers = new Set<Watcher<T>>();
  #known: Known<T> | undefined;
  /** Whether newcomers had better wait for the next answer. */
  #isOutdated = false;
  #failure: PulsoError | undefined;
  #failures = 0;
  #backoffMs = 0;
  #settledAt = Number.NEGATIVE_INFINITY;
  /** No request before, whatever happens: the API said so. */
  #blockedUntil = Number.NEGATIVE_INFINITY;
  #flight: AbortController | undefined;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leave = () => {};
  #stopListening = () => {};
  #isTold = false;
  /** When the last answer came, or the caller changed something. */
  #newestAt = Number.NEGATIVE_INFINITY;
  #late: ReturnType<typeof setTimeout> | undefined;

  /** `forget` is called when nobody has watched for a while; the poll is of no use after that. */
  constructor(question: Question<T>, forget: () => void) {
    this.#question = question;
    this.#forget = forget;
  }

  add(watcher: Watcher<T>): void {
    const isFirst = this.#watchers.size === 0;
    this.#watchers.add(watcher);
    if (isFirst) this.#begin();
    this.#newcomers.add(watcher);
    this.#plan();
    // Not at once: the caller does not have its Watch yet.
    queueMicrotask(() => this.#welcome(watcher));
  }

  remove(watcher: Watcher<T>): void {
    if (!this.#watchers.delete(watcher)) return;
    this.#newcomers.delete(watcher);
    if (this.#watchers.size > 0) this.#plan();
    else this.#rest();
  }

  #begin(): void {
    this.#leave = onPresence(() => this.#presenceChanged());
    const listening = this.#question.listen?.({
      state: (make, isWhole) => this.#told(make, isWhole),
      refresh: () => this.#hurry(),
      lost: () => this.#lost(),
    });
    this.#stopListening = listening ?? (() => {});
  }

  #told(make: (known: T | undefined) => T | undefined, isWhole: boolean): void {
    const waitMs = this.#newestAt + OVERTAKEN_MS - now();
    if (isWhole || waitMs > 0) clearTimeout(this.#late);
    if (waitMs > 0) {
      // The next whole state stands for this one, but the next part does not.
      const late = isWhole ? () => this.#told(make, true) : () => this.#hurry();
      this.#late = setTimeout(late, Math.ceil(waitMs));
      return;
    }
    // The answer to the request under way may be older than a part.
    if (this.#flight && !isWhole) {
      this.#hurry();
      return;
    }
    const before = this.#known?.state;
    const state = make(before);
    this.#isTold = isWhole;
    const isOlder =
      state !== undefined && before !== undefined && this.#question.isOlder?.(state, before);
    if (state === undefined || isOlder) {
      this.#plan();
      return;
    }
    const known = learnTold(this.#known, state);
    if (isWhole) {
      const blockedForMs = Math.max(0, this.#blockedUntil - now());
      this.#drop();
      this.#answered(known, blockedForMs);
    } else {
      this.#known = known;
      // While polls fail, nobody knows whether the rest is still so.
      if (!this.#failure)
        this.#tell((watcher) => watcher.onUpdate(known.state, known.notes), false);
    }
  }

  #lost(): void {
    clearTimeout(this.#late);
    this.#isTold = false;
    this.#plan();
  }

  /** Asks as soon as that is allowed, and after a request under way. */
  refresh(): void {
    if (this.#flight) this.#again = true;
    else this.#settledAt = Number.NEGATIVE_INFINITY;
    this.#plan();
  }

  /** The same for what is told, of which there may be more than a failing API could bear. */
  #hurry(): void {
    if (this.#flight || !this.#failure) this.refresh();
  }

  /** Something has changed: neither what is known nor a request under way knows of it. */
  changed(): void {
    this.#isOutdated = true;
    this.#newestAt = now();
    this.#restart();
  }

  /** Asks as soon as that is allowed; the answer to a request under way does not count. */
  #restart(): void {
    this.#drop();
    this.#settledAt = Number.NEGATIVE_INFINITY;
    this.#plan();
  }

  /**
   * Without watchers the poll rests until the API allows the next request, so that a new watcher keeps
   * that wait; no other, or "Try again" would ask nothing for a minute.
   */
  #rest(): void {
    this.#settledAt = Number.NEGATIVE_INFINITY;
    this.#leave();
    this.#stopListening();
    this.#isTold = false;
    clearTimeout(this.#late);
    this.#drop();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#forget, Math.max(0, Math.ceil(this.#blockedUntil - now())));
    // Node: nobody waits for this timer.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** Ends the request under way; its answer does not count. */
  #drop(): void {
    this.#flight?.abort();
    this.#flight = undefined;
    this.#again = false;
  }

  #presenceChanged(): void {
    if (isHidden()) this.#plan();
    // Of a request from before, nobody knows what became of its connection.
    else this.#restart();
  }

  #plan(): void {
    if (this.#watchers.size === 0) return;
    clearTimeout(this.#timer);
    if (this.#flight || isHidden()) return;
    const due = Math.max(this.#settledAt + this.#pauseMs(), this.#blockedUntil);
    this.#timer = setTimeout(() => void this.#ask(), Math.max(0, Math.ceil(due - now())));
  }

  #pauseMs(): number {
    if (this.#failures > 0) return this.#backoffMs;
    return this.#isTold ? Math.max(this.#intervalMs(), TOLD_INTERVAL_MS) : this.#intervalMs();
  }

  #intervalMs(): number {
    return Math.min(...[...this.#watchers].map((watcher) => watcher.intervalMs));
  }

  async #ask(): Promise<void> {
    const flight = new AbortController();
    this.#flight = flight;
    let result: () => void;
    try {
      const answer = await this.#question.ask(this.#known?.etag, flight.signal);
      const known = learn(this.#question, this.#known, answer);
      result = () => {
        this.#newestAt = now();
        this.#answered(known, rateLimitWaitMs(answer.headers));
      };
    } catch (error) {
      result = () => this.#failed(error as PulsoError);
    }
    if (this.#flight === flight) result();
  }

  #answered(known: Known<T>, waitMs: number): void {
    const isLast = this.#question.isLast?.(known.state, this.#known?.state) ?? false;
    this.#known = known;
    this.#isOutdated = false;
    this.#failure = undefined;
    this.#failures = 0;
    this.#settle(waitMs);
    this.#tell((watcher) => watcher.onUpdate(known.state, known.notes), isLast);
  }

  #failed(error: PulsoError): void {
    this.#failure = error;
    this.#failures += 1;
    this.#again = false;
    this.#backoffMs = backoffMs(this.#failures, Math.min(this.#intervalMs(), FIRST_BACKOFF_MS));
    this.#settle(retryAfterMs(error.retryAfter));
    const isLast = !isTemporary(error) && !isAboutCaller(error);
    this.#tell((watcher) => watcher.onError(error), isLast);
  }

  #settle(waitMs: number): void {
    this.#flight = undefined;
    this.#settledAt = this.#again ? Number.NEGATIVE_INFINITY : now();
    this.#again = false;
    this.#blockedUntil = now() + waitMs;
  }

  /** Tells those who watch now, and still do when it is their turn. */
  #tell(call: (watcher: Watcher<T>) => void, isLast: boolean): void {
    const told = [...this.#watchers];
    for (const watcher of told) {
      if (!this.#watchers.has(watcher)) continue;
      this.#newcomers.delete(watcher);
      guarded(() => call(watcher));
    }
    if (isLast) for (const watcher of told) this.#dismiss(watcher);
    this.#plan();
  }

  #dismiss(watcher: Watcher<T>): void {
    this.remove(watcher);
    watcher.onEnd();
  }

  #welcome(watcher: Watcher<T>): void {
    if (this.#isOutdated || !this.#newcomers.delete(watcher)) return;
    const [known, failure] = [this.#known, this.#failure];
    if (known) guarded(() => watcher.onUpdate(known.state, known.notes));
    if (failure && this.#watchers.has(watcher)) guarded(() => watcher.onError(failure));
  }
}
