package dev.pulso.push;

import static com.mongodb.client.model.Filters.in;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchState;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.push.Subscription.Kind;
import dev.pulso.status.StatusBody;
import dev.pulso.text.Hash;
import dev.pulso.text.JsonWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Gatherers;

/** Tells listeners of the batches that they subscribed to. */
final class BatchFeed {
  /** Counters of a subscription are sent at most so often; a new state at once. */
  static final Duration COUNTERS = Duration.ofSeconds(5);

  static final long COUNTERS_NANOS = COUNTERS.toNanos();

  private static final int AT_ONCE = 1_000;

  private final Batches batches;

  BatchFeed(Batches batches) {
    this.batches = batches;
  }

  /** A batch as it is now. */
  private record Now(
      Optional<String> account,
      BatchState state,
      boolean isCounted,
      String body,
      long digest,
      Optional<Duration> countersAge,
      Optional<Duration> unchanged) {
    static Now of(Batch batch) {
      Counted counted = Counted.of(batch);
      BatchState state = counted.state();
      String body = JsonWriter.object(json -> StatusBody.write(json, counted));
      return new Now(
          batch.accountId(),
          state,
          batch.isCounted(),
          body,
          Hash.of(state + body),
          batch.staleness(),
          batch.lastActivityAt().map(at -> Duration.between(at, batch.readAt())));
    }
  }

  /** Reads the batches that anybody subscribed to. */
  List<Batch> read(Audience audience) {
    Set<Object> ids = new LinkedHashSet<>();
    for (Listener listener : audience.all()) {
      listener.subscriptions(Kind.BATCH).forEach(each -> ids.add(each.batch().orElseThrow()));
    }
    return ids.stream()
        .gather(Gatherers.windowFixed(AT_ONCE))
        .flatMap(
            some -> batches.findSome(in(BatchFields.ID, some), Batches.PUSHED, AT_ONCE).stream())
        .toList();
  }

  /**
   * Tells every listener what changed in its batches.
   *
   * @param version of these batches
   */
  void tell(Audience audience, List<Batch> read, long version, Sender sender) {
    Map<Object, Now> now = new HashMap<>();
    read.forEach(batch -> now.put(batch.id(), Now.of(batch)));
    for (Listener listener : audience.all()) {
      if (isAnyDue(listener, now)) {
        sender.tell(listener, () -> due(listener, now, version));
      }
    }
  }

  /** Looks without a claim first: most of the time nothing is due. */
  private static boolean isAnyDue(Listener listener, Map<Object, Now> now) {
    return !listener.isClaimed() && !due(listener, now, 0).isEmpty();
  }

  private static List<Message> due(Listener listener, Map<Object, Now> now, long version) {
    return listener
        .subscriptions(Kind.BATCH)
        .flatMap(each -> due(listener, each, now, version).stream())
        .toList();
  }

  private static Optional<Message> due(
      Listener listener, Subscription to, Map<Object, Now> all, long version) {
    Now now = all.get(to.batch().orElseThrow());
    if (now == null || !listener.sees(now.account)) {
      return Message.refusal(listener, to, version);
    }
    Optional<Sent> before = listener.sent(to).filter(sent -> !sent.isRefusal());
    String state = now.state.text();
    Optional<String> change = before.map(Sent::state).filter(was -> !was.equals(state));
    boolean isDue =
        before.isEmpty()
            || change.isPresent()
            || (before.get().digest() != now.digest && before.get().isOlderThan(COUNTERS_NANOS));
    if (!isDue) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    change
        .flatMap(was -> event(was, now))
        .ifPresent(type -> texts.add(Message.of(type, to, version, Optional.of(state), now.body)));
    texts.add(Message.of("batch.status", to, version, Optional.of(state), now.body));
    Sent after =
        now.unchanged
            .filter(any -> before.isEmpty())
            .map(time -> Sent.first(now.digest, state, time))
            .orElseGet(() -> Sent.counters(now.digest, state, now.countersAge));
    return Optional.of(new Message(to, texts, after));
  }

  /** Returns the event of a change of state, if it is one. */
  private static Optional<String> event(String was, Now now) {
    return switch (now.state) {
      case CANCELLED -> Optional.of("batch.cancelled");
      case PAUSED -> Optional.of("batch.paused");
      // A recount that finds no job yet completes nothing.
      case COMPLETED -> Optional.of("batch.completed").filter(type -> now.isCounted);
      case ACTIVE ->
          Optional.of("batch.resumed").filter(type -> was.equals(BatchState.PAUSED.text()));
    };
  }
}
