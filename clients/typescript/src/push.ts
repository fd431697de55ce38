import { PulsoError } from "./error.js";
import { isHidden, onPresence } from "./presence.js";
import { backoffMs, now } from "./timing.js";
import { json, type Transport } from "./transport.js";

/** Clients that lose their connection at the same moment come back over this time. */
const JITTER_MS = 4_000;
const BACKOFF_MS = 2_000;
/** An API without push, a caller who may not use it, or one who uses it elsewhere already. */
const NO_PUSH_MS = 5 * 60_000;
/** A quiet connection is asked whether it still works. */
const QUIET_MS = 60_000;
const ANSWER_MS = 15_000;
/** Another watcher may begin soon. */
const LINGER_MS = 2_000;
const OPEN = 1;

/** What of a WebSocket the client uses: that of browsers, Node 22 and `ws`. */
export interface Socket {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
}

export type SocketClass = new (url: string) => Socket;

/** What to be told about. */
export type Channel =
  | { batch_id: string }
  | { overview: true; account_id?: string | undefined }
  | { batches: true; account_id?: string | undefined };

/** What the API sends. */
export interface Message {
  type: string;
  version?: number;
  code?: string;
  data?: unknown;
}

export interface Listener {
  told(message: Message): void;
  /** Nothing is told until the next message. */
  lost(): void;
}

interface Topic {
  channel: Channel;
  listeners: Set<Listener>;
  version: number;
}

/**
 * One connection on which the API tells what changed, for all channels that anybody listens to. It
 * comes back by itself. Whoever listens must not rely on it: without it nothing is told.
 */
export class Push {
  readonly #transport: Transport;
  readonly #socketClass: SocketClass;
  readonly #topics = new Map<string, Topic>();
  #socket: Socket | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;
  #leave = () => {};

  constructor(transport: Transport, socketClass: SocketClass) {
    this.#transport = transport;
    this.#socketClass = socketClass;
  }

  /** Returns what ends it. */
  listen(channel: Channel, listener: Listener): () => void {
    const key = keyOf(channel);
    let topic = this.#topics.get(key);
    if (!topic) {
      topic = { channel, listeners: new Set(), version: 0 };
      if (this.#topics.size === 0) this.#begin();
      this.#topics.set(key, topic);
      this.#send({ action: "subscribe", ...channel });
    }
    const { listeners } = topic;
    listeners.add(listener);
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#topics.delete(key);
      this.#send({ action: "unsubscribe", ...channel });
      if (this.#topics.size === 0) this.#after(LINGER_MS, () => this.#end());
    };
  }

  #begin(): void {
    this.#leave();
    this.#leave = onPresence(() => this.#presenceChanged());
    if (this.#socket?.readyState === OPEN) this.#after(QUIET_MS, () => this.#check());
    else if (!this.#socket) this.#after(0, () => void this.#connect());
  }

  #end(): void {
    this.#leave();
    this.#leave = () => {};
    this.#close();
  }

  #presenceChanged(): void {
    if (isHidden()) this.#close();
    else if (!this.#socket) this.#after(0, () => void this.#connect());
  }

  #close(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#lose();
    socket?.close();
  }

  async #connect(): Promise<void> {
    if (this.#topics.size === 0 || isHidden() || this.#socket) return;
    try {
      const answer = await this.#transport.send({ method: "POST", path: "events/tickets" });
      const { ticket, url } = json<{ ticket: string; url: string | null }>(answer);
      if (this.#topics.size === 0 || isHidden() || this.#socket) return;
      const base = url ?? this.#transport.socketUrl("/events");
      this.#use(new this.#socketClass(`${base}?token=${encodeURIComponent(ticket)}`));
    } catch (error) {
      const isRefused = error instanceof PulsoError && error.status >= 400 && error.status < 429;
      this.#again(isRefused ? NO_PUSH_MS : 0);
    }
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    const guard = (act: () => void) => () => {
      if (this.#socket === socket) act();
    };
    let leastMs = 0;
    const ended = guard(() => {
      this.#lose();
      this.#again(leastMs);
    });
    socket.addEventListener(
      "open",
      guard(() => this.#opened()),
    );
    socket.addEventListener("message", (event) =>
      guard(() => {
        const message = parsed((event as MessageEvent).data);
        // Coming back at once would displace the connection of another tab, and so on.
        if (message?.code === "TOO_MANY_CONNECTIONS") leastMs = NO_PUSH_MS;
        this.#heard(message);
      })(),
    );
    socket.addEventListener("error", ended);
    socket.addEventListener("close", ended);
  }

  #opened(): void {
    for (const { channel } of this.#topics.values())
      this.#send({ action: "subscribe", ...channel });
    this.#after(QUIET_MS, () => this.#check());
  }

  #heard(message: Message | undefined): void {
    this.#failures = 0;
    this.#heardAt = now();
    const topic = message && this.#topics.get(keyOf(message as unknown as Channel));
    // A message may overtake another one on its way.
    if (!topic || message.version === undefined || message.version < topic.version) return;
    topic.version = message.version;
    for (const listener of [...topic.listeners]) listener.told(message);
  }

  /** A connection may die without a word. */
  #check(): void {
    if (this.#topics.size === 0) return;
    const quietMs = now() - this.#heardAt;
    if (quietMs < QUIET_MS) {
      this.#after(QUIET_MS - quietMs, () => this.#check());
      return;
    }
    const askedAt = now();
    this.#send({ action: "ping" });
    this.#after(ANSWER_MS, () => {
      if (this.#heardAt >= askedAt) return this.#check();
      this.#close();
      this.#again(0);
    });
  }

  #again(leastMs: number): void {
    if (this.#topics.size === 0) return;
    this.#failures += 1;
    const waitMs =
      this.#failures === 1 ? Math.random() * JITTER_MS : backoffMs(this.#failures, BACKOFF_MS);
    this.#after(Math.max(leastMs, waitMs), () => void this.#connect());
  }

  #lose(): void {
    if (!this.#socket) return;
    this.#socket = undefined;
    for (const { listeners } of this.#topics.values()) {
      for (const listener of [...listeners]) listener.lost();
    }
  }

  #send(message: object): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  #after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, Math.ceil(ms));
    // Node: nobody waits for this timer; the polls have their own.
    (this.#timer as { unref?: () => void }).unref?.();
  }
}

/** One name for a channel, and for the messages about it. */
function keyOf(about: Channel): string {
  const { batch_id, overview, account_id } = about as Record<string, unknown>;
  if (typeof batch_id === "string") return `batch ${batch_id}`;
  return `${overview ? "overview" : "batches"} ${JSON.stringify(account_id ?? null)}`;
}

function parsed(data: unknown): Message | undefined {
  try {
    const value: unknown = JSON.parse(String(data));
    const isMessage = typeof value === "object" && value !== null && "type" in value;
    return isMessage ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}
