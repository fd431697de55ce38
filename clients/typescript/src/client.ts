import { untilDone } from "./done.js";
import { type BatchPage, type BatchQuery, listPath, readPage } from "./list.js";
import { type Many, type ManyOptions, many, operationPath, progress } from "./many.js";
import type { CallOptions, CancelOptions, ClientOptions, OverviewQuery } from "./options.js";
import { batchPath, search } from "./paths.js";
import { Push, type SocketClass } from "./push.js";
import type { Question } from "./question.js";
import { detailsTold, overviewTold, pageTold, statusTold } from "./told.js";
import { condition, json, Transport } from "./transport.js";
import type {
  AccountInfo,
  BatchDetails,
  BatchStatus,
  BatchSummary,
  Cancelled,
  DashboardOverview,
  OperationProgress,
  Paused,
  Resumed,
} from "./types.js";
import { Polls, type Watch, type WatchOptions } from "./watch.js";
import { Webhooks } from "./webhooks.js";

const OPERATION_INTERVAL_MS = 2_000;
const STATUS_INTERVAL_MS = 5_000;
const LIST_INTERVAL_MS = 10_000;
const OVERVIEW_INTERVAL_MS = 30_000;

/** Returns a client of the API at `baseUrl`. One client per page: its watchers share polls. */
export const createClient = (options: ClientOptions): PulsoClient => new PulsoClient(options);

/**
 * One method per route, and watchers. Methods reject with PulsoError. A batch is named by its
 * `batch_id` or its Mongo `_id`.
 */
export class PulsoClient {
  readonly #transport: Transport;
  readonly #polls = new Polls();
  readonly #push: Push | undefined;

  /** Programs that are told of events. */
  readonly webhooks: Webhooks;

  /** Cancels many batches for good. */
  readonly cancelMany: Many;

  /** Pauses many batches. */
  readonly pauseMany: Many<Omit<ManyOptions, "reason">>;

  /** Resumes many batches. */
  readonly resumeMany: Many<Omit<ManyOptions, "reason">>;

  constructor(options: ClientOptions) {
    this.#transport = new Transport(options.baseUrl, options.token);
    this.webhooks = new Webhooks(this.#transport);
    const socketClass = options.webSocket ?? (globalThis as { WebSocket?: SocketClass }).WebSocket;
    if (socketClass) this.#push = new Push(this.#transport, socketClass);
    const changed = () => this.#polls.changed();
    this.cancelMany = many("cancel", this.#transport, changed);
    this.pauseMany = many("pause", this.#transport, changed);
    this.resumeMany = many("resume", this.#transport, changed);
  }

  /**
   * Milliseconds to add to this machine's time before times of the API are compared with it. 0 while
   * the answers show no difference; a browser sees `Date` of another origin only if that exposes it.
   */
  get clockOffsetMs(): number {
    return this.#transport.clockOffsetMs;
  }

  /** A page of the batches that the caller may see. */
  async batches(options: BatchQuery & CallOptions = {}): Promise<BatchPage> {
    const { signal } = options;
    return readPage(await this.#transport.send({ path: listPath(options), signal }));
  }

  /** A batch as in the list, with its history. */
  async batch(batchId: string, options: CallOptions = {}): Promise<BatchDetails> {
    return this.#get(batchPath(batchId), options);
  }

  /** The counters of a batch, at most 5 s behind its jobs. To poll them, use `watchBatch`. */
  async status(batchId: string, options: CallOptions = {}): Promise<BatchStatus> {
    return this.#get(batchPath(batchId, "status"), options);
  }

  /** All about one batch, counted at the time of the call. */
  async summary(batchId: string, options: CallOptions = {}): Promise<BatchSummary> {
    return this.#get(batchPath(batchId, "summary"), options);
  }

  /**
   * Cancels a batch for good. Safe to repeat: the first reason stays. Once it has been accepted it is
   * carried through, also if `signal` ends the wait.
   */
  async cancel(batchId: string, options: CancelOptions = {}): Promise<Cancelled> {
    const { reason, wait, signal } = options;
    const path = batchPath(batchId, "cancel") + search({ reason });
    const cancel = async (): Promise<Cancelled> => {
      const answer = await this.#transport.send({ method: "POST", path, signal });
      return { ...json<Omit<Cancelled, "finished">>(answer), finished: answer.status !== 202 };
    };
    const cancelled = await this.#act(cancel);
    if (!wait || cancelled.finished) return cancelled;
    // A repeated cancel answers 200 as soon as no job waits any more.
    return this.#act(() => untilDone(cancel, (result) => result.finished, signal));
  }

  /** Pauses a batch: no job of it begins until it is resumed. */
  async pause(batchId: string, options: CallOptions = {}): Promise<Paused> {
    return this.#act(() => this.#post(batchPath(batchId, "pause"), options));
  }

  /** Resumes a paused batch. */
  async resume(batchId: string, options: CallOptions = {}): Promise<Resumed> {
    return this.#act(() => this.#post(batchPath(batchId, "resume"), options));
  }

  /** How far an operation on many batches is. */
  async operation(operationId: string, options: CallOptions = {}): Promise<OperationProgress> {
    return progress(this.#transport, operationId, options.signal);
  }

  /** The figures of an account, or of all accounts that the caller may see. */
  async overview(options: OverviewQuery & CallOptions = {}): Promise<DashboardOverview> {
    return this.#get(overviewPath(options), options);
  }

  /** The accounts that the caller may see, by name. */
  async accounts(options: CallOptions = {}): Promise<AccountInfo[]> {
    return this.#get("accounts", options);
  }

  /** Watches the counters of a batch, each 5 s if nothing else is said, until all its jobs have ended. */
  watchBatch(batchId: string, options: WatchOptions<BatchStatus>): Watch {
    return this.#watch(batchPath(batchId, "status"), STATUS_INTERVAL_MS, options, {
      isLast,
      ...statusTold(this.#push, batchId),
    });
  }

  /** Watches a batch as in the list, with its history, each 5 s if nothing else is said. */
  watchDetails(batchId: string, options: WatchOptions<BatchDetails>): Watch {
    const rules = detailsTold(this.#push, batchId);
    return this.#watch(batchPath(batchId), STATUS_INTERVAL_MS, options, rules);
  }

  /** Watches how far an operation is, each 2 s if nothing else is said, until it is finished. */
  watchOperation(operationId: string, options: WatchOptions<OperationProgress>): Watch {
    return this.#watch(operationPath(operationId), OPERATION_INTERVAL_MS, options, {
      isLast: (operation) => operation.finished_at !== null,
    });
  }

  /** Watches a page of the list, each 10 s if nothing else is said. */
  watchBatches(options: BatchQuery & WatchOptions<BatchPage>): Watch {
    return this.#watch(listPath(options), LIST_INTERVAL_MS, options, {
      read: readPage,
      ...pageTold(this.#push, options.account_id),
    });
  }

  /** Watches an overview, each 30 s if nothing else is said. */
  watchOverview(options: OverviewQuery & WatchOptions<DashboardOverview>): Watch {
    return this.#watch(overviewPath(options), OVERVIEW_INTERVAL_MS, options, {
      isOlder,
      ...overviewTold(this.#push, options.account_id),
    });
  }

  async #get<T extends object>(path: string, { signal }: CallOptions): Promise<T> {
    return json<T>(await this.#transport.send({ path, signal }));
  }

  async #post<T extends object>(path: string, { signal }: CallOptions): Promise<T> {
    return json<T>(await this.#transport.send({ method: "POST", path, signal }));
  }

  /** Whatever comes of an action, what is watched may have changed. */
  async #act<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } finally {
      // Also under other ids: a batch has several.
      this.#polls.changed();
    }
  }

  #watch<T extends object>(
    path: string,
    usualMs: number,
    options: WatchOptions<T>,
    rules: Partial<Question<T>> = {},
  ): Watch {
    const question: Question<T> = {
      ask: (etag, signal) => this.#transport.send({ path, headers: condition(etag), signal }),
      read: json,
      ...rules,
    };
    const intervalMs = options.intervalMs ?? usualMs;
    return this.#polls.watch(path, question, { ...options, intervalMs });
  }
}

/**
 * A completed batch is over. A cancelled one has `completed_at` while calls are still under way, and a
 * status does not tell them from cancelled jobs; but it is never active. One more answer is asked for: a
 * cancel sets `completed_at` before the counters are final.
 */
function isLast(status: BatchStatus, before: BatchStatus | undefined): boolean {
  const { completed_jobs, failed_jobs, suspended_jobs, total_jobs } = status;
  return (
    status.completed_at !== null &&
    (status.is_active || completed_jobs + failed_jobs + suspended_jobs === total_jobs) &&
    before !== undefined &&
    before.completed_at !== null
  );
}

/** Caches explain an age up to this; from there on, the server's clock was set back. */
const CACHED_MS = 6 * 60_000;

function isOlder(overview: DashboardOverview, shown: DashboardOverview): boolean {
  const ms = Date.parse(shown.timestamp) - Date.parse(overview.timestamp);
  return ms > 0 && ms < CACHED_MS;
}

const overviewPath = ({ account_id }: OverviewQuery) =>
  `dashboard/overview${search({ account_id })}`;
