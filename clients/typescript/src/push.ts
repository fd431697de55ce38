import { type Channel, isPassing, keyOf, type Message, parsed } from "./channel.js";
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

interface SocketEvent {
  type: string;
  data?: unknown;
}

/** What of a WebSocket the client uses: that of browsers, Node 22 and `ws`. */
export interface Socket {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  addEventListener(type: string, listener: (event: SocketEvent) => void): void;
}

export type SocketClass = new (url: string) => Socket;

export interface Listener {
  told(message: Message): void;
  /** Nothing is told until the next message. */
  lost(): void;
}

interface Topic {
  channel: Channel;
  listeners: Set<Listener>;
  version: number;
  /** Subscriptions that had no answer, or one that passes, since the last that had. */
  failures: number;
  timer: ReturnType<typeof setTimeout> | undefined;
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
  /** No connection before, whoever listens. */
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;
  /** Whether this connection was told a state. */
  #isTold = false;
  #leave = () => {};

  constructor(transport: Transport, socketClass: SocketClass) {
    this.#transport = transport;
    this.#socketClass = socketClass;
    // What the API tells on a connection is for whoever opened it.
    transport.onCaller = () => {
      if (this.#socket) this.#replace();
    };
  }

  /** Returns what ends it. */
  listen(channel: Channel, listener: Listener): () => void {
    const key = keyOf(channel);
    const topic = this.#topics.get(key) ?? this.#open(key, channel);
    topic.listeners.add(listener);
    return () => {
      if (!topic.listeners.delete(listener) || topic.listeners.size > 0) return;
      this.#topics.delete(key);
      clearTimeout(topic.timer);
      this.#send({ action: "unsubscribe", ...channel });
      if (this.#topics.size === 0) this.#after(LINGER_MS, () => this.#end());
    };
  }

  #open(key: string, channel: Channel): Topic {
    const topic = {
      channel,
      listeners: new Set<Listener>(),
      version: 0,
      failures: 0,
      timer: undefined,
    };
    if (this.#topics.size === 0) this.#begin();
    this.#topics.set(key, topic);
    this.#subscribe(topic);
    return topic;
  }

  #begin(): void {
    this.#leave();
    this.#leave = onPresence(() => this.#presenceChanged());
    if (!this.#socket) this.#connectAfter(0);
    else if (this.#socket.readyState === OPEN) this.#after(QUIET_MS, () => this.#check());
    else this.#awaitOpening();
  }

  #end(): void {
    this.#leave();
    this.#leave = () => {};
    this.#close();
  }

  #presenceChanged(): void {
    if (isHidden()) this.#close();
    else if (!this.#socket) this.#connectAfter(0);
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
      if (answer.caller !== this.#transport.caller) return this.#again();
      const base = url ?? this.#transport.socketUrl("/events");
      this.#use(new this.#socketClass(`${base}?token=${encodeURIComponent(ticket)}`));
      this.#awaitOpening();
    } catch (error) {
      if (error instanceof PulsoError && error.status >= 400 && error.status < 429) this.#rest();
      // Another attempt may have succeeded meanwhile.
      if (!this.#socket) this.#again();
    }
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    this.#isTold = false;
    const guard = (act: () => void) => () => {
      if (this.#socket === socket) act();
    };
    const ended = guard(() => {
      this.#lose();
      this.#again();
    });
    socket.addEventListener(
      "open",
      guard(() => this.#opened()),
    );
    socket.addEventListener("message", (event) =>
      guard(() => {
        const message = parsed(event.data);
        // Coming back at once would displace the connection of another tab, and so on.
        if (message?.code === "TOO_MANY_CONNECTIONS") this.#rest();
        this.#heard(message);
      })(),
    );
    socket.addEventListener("error", ended);
    socket.addEventListener("close", ended);
  }

  /** A network may swallow what opens a connection. */
  #awaitOpening(): void {
    this.#after(ANSWER_MS, () => this.#replace());
  }

  #opened(): void {
    // It waits for another watcher, or closes.
    if (this.#topics.size === 0) return;
    for (const topic of this.#topics.values()) this.#subscribe(topic);
    this.#after(QUIET_MS, () => this.#check());
  }

  #heard(message: Message | undefined): void {
    const key = message && keyOf(message);
    // The API has forgotten the connection, or its token has ended.
    if (!key && message?.code === "UNAUTHENTICATED") {
      // Nobody pushes here: the next connection would be forgotten like this one.
      if (!this.#isTold) this.#rest();
      this.#replace();
      return;
    }
    this.#failures = 0;
    this.#heardAt = now();
    if (message?.version !== undefined) this.#isTold = true;
    const topic = key && this.#topics.get(key);
    if (!topic) return;
    if (isPassing(message)) this.#subscribeLater(topic, 0);
    // Another watcher has begun meanwhile: which of the two the API did last, nobody knows.
    else if (message.type === "unsubscribed") this.#subscribe(topic);
    else this.#tell(topic, message);
  }

  #tell(topic: Topic, message: Message): void {
    topic.failures = 0;
    clearTimeout(topic.timer);
    // A message may overtake another one on its way. Answers to this client have no version.
    const version = message.version ?? topic.version;
    if (message.type === "subscribed" || version < topic.version) return;
    topic.version = version;
    for (const listener of [...topic.listeners]) listener.told(message);
  }

  #subscribe(topic: Topic): void {
    if (this.#socket?.readyState !== OPEN) return;
    topic.failures += 1;
    this.#send({ action: "subscribe", ...topic.channel });
    // The answer of a gateway that is too busy, or of a function that crashed, does not name it.
    this.#subscribeLater(topic, ANSWER_MS);
  }

  #subscribeLater(topic: Topic, leastMs: number): void {
    clearTimeout(topic.timer);
    const waitMs = Math.max(leastMs, backoffMs(topic.failures, BACKOFF_MS));
    topic.timer = later(waitMs, () => this.#subscribe(topic));
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
      if (this.#heardAt >= askedAt) this.#check();
      else this.#replace();
    });
  }

  #replace(): void {
    if (this.#topics.size === 0) this.#end();
    else this.#close();
    this.#again();
  }

  #rest(): void {
    this.#notBefore = now() + NO_PUSH_MS;
  }

  #again(): void {
    if (this.#topics.size === 0) return;
    this.#failures += 1;
    this.#connectAfter(
      this.#failures === 1 ? Math.random() * JITTER_MS : backoffMs(this.#failures, BACKOFF_MS),
    );
  }

  #connectAfter(ms: number): void {
    this.#after(Math.max(ms, this.#notBefore - now()), () => void this.#connect());
  }

  #lose(): void {
    if (!this.#socket) return;
    this.#socket = undefined;
    for (const topic of this.#topics.values()) {
      topic.failures = 0;
      clearTimeout(topic.timer);
      for (const listener of [...topic.listeners]) listener.lost();
    }
  }

  #send(message: object): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  #after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = later(ms, act);
  }
}

function later(ms: number, act: () => void): ReturnType<typeof setTimeout> {
  const timer = setTimeout(act, Math.ceil(ms));
  // Node: nobody waits for this timer; the polls have their own.
  (timer as { unref?: () => void }).unref?.();
  return timer;
}
