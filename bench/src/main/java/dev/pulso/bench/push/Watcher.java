package dev.pulso.bench.push;

import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client with one connection and one subscription. It connects again with the pauses of the
 * TypeScript client, and holds what it is told against the truth.
 */
final class Watcher {
  /** Lost connections come back over this time. */
  private static final long JITTER_MS = 4_000;

  private static final long BACKOFF_MS = 2_000;
  private static final int MOST_DOUBLINGS = 5;
  private static final long RESEND_MS = 500;

  /** How old counters may be. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long UNKNOWN = -1;

  private final Watchers all;
  private final String subscription;
  private final Optional<LoopBatch> batch;
  private final boolean isCalm;
  private volatile Line line;
  private volatile Line before;
  private volatile long toldAt;
  private volatile long rightAt;
  private volatile boolean isWanted;
  private int failures;
  private long version;
  private long included = UNKNOWN;
  private long switches = UNKNOWN;

  /**
   * @param subscription the message that subscribes
   * @param batch its batch; empty for overviews and lists
   * @param isCalm whether the batch changes each few seconds only
   */
  Watcher(Watchers all, String subscription, Optional<LoopBatch> batch, boolean isCalm) {
    this.all = all;
    this.subscription = subscription;
    this.batch = batch;
    this.isCalm = isCalm;
  }

  synchronized void start() {
    isWanted = true;
    included = UNKNOWN;
    switches = UNKNOWN;
    connect();
  }

  void stop() {
    isWanted = false;
    Line open = line;
    if (open != null) {
      open.socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }
  }

  /** Waits anew for a message and for the right state, from another connection than this one. */
  void forget() {
    before = line;
    toldAt = 0;
    rightAt = 0;
  }

  /** Returns when it was told something first, on the monotonic clock; 0 if it was not yet. */
  long toldAt() {
    return toldAt;
  }

  /** Returns when it was told the present state, and counters as fresh as the contract says. */
  long rightAt() {
    return rightAt;
  }

  private void connect() {
    if (isWanted) {
      all.open(new Line())
          .whenComplete(
              (socket, failure) -> {
                if (failure != null) {
                  all.tally().notConnected.increment();
                  again();
                }
              });
    }
  }

  private synchronized void again() {
    failures++;
    ThreadLocalRandom random = ThreadLocalRandom.current();
    double exponential = BACKOFF_MS * Math.pow(2, Math.min(MOST_DOUBLINGS, failures - 1));
    double pause =
        failures == 1 ? random.nextDouble() * JITTER_MS : exponential * (0.5 + random.nextDouble());
    all.later((long) pause, this::connect);
  }

  private synchronized void told(Line from, String text) {
    long now = System.nanoTime();
    Tally tally = all.tally();
    failures = 0;
    Told told = Told.of(text);
    switch (told.type()) {
      case "subscribed", "heartbeat" -> {
        return;
      }
      case "error" -> {
        tally.refused.increment();
        long pause = RESEND_MS + ThreadLocalRandom.current().nextLong(2 * RESEND_MS);
        all.later(pause, from::subscribe);
        return;
      }
      default -> tally.messages.increment();
    }
    if (told.version() < version) {
      tally.wrong("a version went back");
    }
    version = told.version();
    boolean isRight = batch.isEmpty();
    try {
      if (batch.isPresent()) {
        boolean isState = state(batch.get(), told, now, tally);
        isRight = counters(batch.get(), told, now, tally) && isState;
      }
    } catch (IllegalArgumentException e) {
      tally.wrong(e.getMessage().replaceAll("of [a-z]+-[0-9]+", "of a batch"));
    }
    if (from != before) {
      toldAt = toldAt == 0 ? now : toldAt;
      rightAt = rightAt == 0 && isRight ? now : rightAt;
    }
  }

  /** Returns whether it is the state that was asked for last. */
  private boolean state(LoopBatch of, Told told, long now, Tally tally) {
    LoopBatch.Switch last = of.lastSwitch();
    boolean isLast = told.state().filter(last.state()::equals).isPresent();
    if (switches == UNKNOWN) {
      switches = isLast ? last.number() : last.number() - 1;
    } else if (isLast && last.number() > switches) {
      if (last.number() > switches + 1) {
        tally.missedStates.increment();
      }
      tally.states.add(now - last.askedAt());
      switches = last.number();
    }
    return isLast;
  }

  /** Returns whether the counters are as fresh as the contract says. */
  private boolean counters(LoopBatch of, Told told, long now, Tally tally) {
    if (told.counters().isEmpty()) {
      tally.wrong("a message without counters");
      return false;
    }
    boolean isFirst = included == UNKNOWN;
    long last = of.included(isFirst ? of.surelyCounted() : included, told.counters().get());
    Latencies latencies = isCalm ? tally.calm : tally.counters;
    for (long i = included + 1; !isFirst && i <= last; i++) {
      latencies.add(of.age(i, now));
    }
    included = last;
    return of.age(last + 1, now) <= FRESH_NANOS;
  }

  @Override
  public String toString() {
    String connected =
        line == null ? "never connected" : line == before ? "not again" : "connected";
    return subscription + " " + connected + " " + (toldAt == 0 ? "not told" : "told");
  }

  /** One connection. */
  final class Line implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();
    private final AtomicBoolean isLost = new AtomicBoolean();
    private WebSocket socket;

    private void subscribe() {
      socket.sendText(subscription, true);
    }

    @Override
    public void onOpen(WebSocket opened) {
      socket = opened;
      line = this;
      subscribe();
      opened.request(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
      partial.append(data);
      if (isLast) {
        told(this, partial.toString());
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      lose();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      lose();
    }

    private void lose() {
      if (isLost.compareAndSet(false, true) && isWanted) {
        all.tally().lost.increment();
        again();
      }
    }
  }
}
