package dev.pulso.push;

import dev.pulso.observe.Log;
import dev.pulso.push.Outbound.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Sends to listeners, each in its own order, all beside one another. */
final class Sender implements AutoCloseable {
  /** A client that takes nothing for so long is dropped; it connects again when it can. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Outbound outbound;
  private final PushLease lease;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Listener> gone = new ConcurrentLinkedQueue<>();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  Sender(Outbound outbound, PushLease lease) {
    this.outbound = outbound;
    this.lease = lease;
  }

  /**
   * Tells a listener something, unless it is being told something else at present.
   *
   * @param messages makes the messages; called only if they can be sent
   */
  void tell(Listener listener, Supplier<List<Message>> messages) {
    if (!listener.claim()) {
      return;
    }
    List<Message> due = List.of();
    try {
      due = messages.get();
    } finally {
      if (due.isEmpty()) {
        listener.free();
      }
    }
    if (!due.isEmpty()) {
      List<Message> all = due;
      threads.execute(() -> freeing(listener, () -> sendAll(listener, all)));
    }
  }

  /** Sends a last message to a listener, and ends its connection. */
  void dismiss(Listener listener, String lastMessage) {
    if (listener.claim()) {
      threads.execute(
          () ->
              freeing(
                  listener,
                  () -> {
                    send(listener, lastMessage);
                    drop(listener);
                  }));
    }
  }

  /** Sends a message that belongs to no subscription. */
  void ping(Listener listener, String message) {
    if (listener.claim()) {
      threads.execute(() -> freeing(listener, () -> send(listener, message)));
    }
  }

  /** Returns the listeners whose connections have ended since the last call. */
  List<Listener> gone() {
    List<Listener> ended = new ArrayList<>();
    for (Listener each = gone.poll(); each != null; each = gone.poll()) {
      ended.add(each);
    }
    return ended;
  }

  long delivered() {
    return delivered.sum();
  }

  long refused() {
    return refused.sum();
  }

  long dropped() {
    return dropped.sum();
  }

  private void freeing(Listener listener, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // The next tick tries again.
      refused.increment();
      Log.failure("push", Optional.empty(), "NOT_SENT", e);
    } finally {
      listener.free();
    }
  }

  private void sendAll(Listener listener, List<Message> messages) {
    for (Message message : messages) {
      for (String text : message.texts()) {
        if (!send(listener, text)) {
          return;
        }
      }
      listener.told(message.to(), message.after());
    }
  }

  private boolean send(Listener listener, String text) {
    if (!lease.isHeld()) {
      return false;
    }
    Delivery delivery = outbound.post(listener.id(), text);
    switch (delivery) {
      case DELIVERED -> {
        delivered.increment();
        listener.heard();
      }
      case GONE -> gone.add(listener);
      case REFUSED -> {
        refused.increment();
        if (listener.refusedNanos() >= PATIENCE_NANOS) {
          drop(listener);
        }
      }
    }
    return delivery == Delivery.DELIVERED;
  }

  /** A client that stays connected but is forgotten would never be told anything again. */
  private void drop(Listener listener) {
    if (outbound.disconnect(listener.id())) {
      dropped.increment();
      gone.add(listener);
    }
  }

  /** Waits for what is on its way; every message takes a few seconds at most. */
  @Override
  public void close() {
    threads.close();
  }
}
