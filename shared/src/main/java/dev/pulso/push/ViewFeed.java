package dev.pulso.push;

import com.mongodb.MongoException;
import dev.pulso.list.BatchList;
import dev.pulso.list.BatchRow;
import dev.pulso.list.ListQuery;
import dev.pulso.overview.OverviewPage;
import dev.pulso.overview.OverviewService;
import dev.pulso.overview.Page;
import dev.pulso.overview.View;
import dev.pulso.push.ChangedRows.Row;
import dev.pulso.push.Subscription.Kind;
import dev.pulso.text.Hash;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tells listeners of overviews, and of rows that changed. Used by one thread at a time. */
final class ViewFeed {
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** No view is begun later in a tick: the others have their turn in the next ones. */
  private static final Duration BEGIN = Duration.ofSeconds(2);

  private static final String FIRST_ROWS = "200";

  private final OverviewService overviews;
  private final BatchList list;
  private final ChangedRows changed;
  private final Map<View, Seen> seen = new HashMap<>();

  /** When reading a view failed last, by {@link System#nanoTime}. */
  private final Map<View, Long> failedNanos = new HashMap<>();

  /** What new subscribers of this tick begin with; empty where reading it failed. */
  private final Map<View, Optional<List<String>>> firstRows = new HashMap<>();

  private Instant listsSince;
  private long countedNanos = System.nanoTime() - BatchFeed.COUNTERS_NANOS;
  private long actedNumber;
  private Optional<MongoException> failure = Optional.empty();

  /**
   * @param since rows that changed before were told already
   */
  ViewFeed(OverviewService overviews, BatchList list, ChangedRows changed, Instant since) {
    this.overviews = overviews;
    this.list = list;
    this.changed = changed;
    this.listsSince = since;
  }

  /** An overview as it was last computed. */
  private record Seen(Page page, long atNanos) {
    boolean isOld() {
      return System.nanoTime() - atNanos >= BatchFeed.COUNTERS_NANOS;
    }
  }

  /** Returns since when changed rows were not read. */
  Instant listsSince() {
    return listsSince;
  }

  /** Returns whether a listener was told all rows that it may see, or that it may see none. */
  boolean hasRows(Listener listener) {
    return listener
        .subscriptions(Kind.LIST)
        .allMatch(
            each ->
                listener
                    .sent(each)
                    .filter(sent -> sent.isRefusal() || sent.digest() == changed.last())
                    .isPresent());
  }

  /**
   * Reads what changed and tells it. A view that fails keeps no other from its listeners.
   *
   * @param version of what is read now
   * @throws MongoException when a view failed, after the others were told
   */
  void tick(Audience audience, Instant now, long version, Sender sender) {
    Set<View> views = views(audience);
    boolean hasLists =
        audience.all().stream()
            .anyMatch(each -> each.subscriptions(Kind.LIST).findAny().isPresent());
    if (views.isEmpty() && !hasLists) {
      listsSince = now;
      return;
    }
    changed.readActedOn(now);
    if (System.nanoTime() - countedNanos >= BatchFeed.COUNTERS_NANOS) {
      countedNanos = System.nanoTime();
      changed.readCounted(now);
      listsSince = now;
    }
    firstRows.clear();
    failure = Optional.empty();
    compute(views);
    Deadline begin = Deadline.in(BEGIN);
    Stream<Listener> free = audience.all().stream().filter(listener -> !listener.isClaimed());
    // Most often nothing failed, and the views of many listeners need not be made.
    (failedNanos.isEmpty() ? free : free.sorted(Comparator.comparingLong(this::failedNanos)))
        .forEach(listener -> sender.tell(listener, () -> due(listener, version, begin)));
    failure.ifPresent(
        first -> {
          throw first;
        });
  }

  /** Returns what is read of a view; empty if that fails, or could not begin in time. */
  private <T> Optional<T> apart(View view, Deadline begin, Supplier<T> read) {
    if (begin.passed()) {
      return Optional.empty();
    }
    try {
      Optional<T> found = Optional.of(read.get());
      failedNanos.remove(view);
      return found;
    } catch (MongoException e) {
      failedNanos.put(view, System.nanoTime());
      failure = failure.or(() -> Optional.of(e));
      return Optional.empty();
    }
  }

  /** Views that did not fail come first, and then those that failed longest ago. */
  private long failedNanos(View view) {
    return failedNanos.getOrDefault(view, Long.MIN_VALUE);
  }

  private long failedNanos(Listener listener) {
    return Stream.of(Kind.OVERVIEW, Kind.LIST)
        .flatMap(listener::subscriptions)
        .flatMap(each -> listener.view(each).stream())
        .mapToLong(this::failedNanos)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  private static Set<View> views(Audience audience) {
    Set<View> views = new HashSet<>();
    for (Listener listener : audience.all()) {
      listener
          .subscriptions(Kind.OVERVIEW)
          .forEach(each -> listener.view(each).ifPresent(views::add));
    }
    return views;
  }

  private void compute(Set<View> views) {
    seen.keySet().retainAll(views);
    List<Row> acted = changed.after(actedNumber).stream().filter(Row::isActedOn).toList();
    actedNumber = changed.last();
    Deadline begin = Deadline.in(BEGIN);
    for (View view : views.stream().sorted(Comparator.comparingLong(this::failedNanos)).toList()) {
      Seen last = seen.get(view);
      if (last == null
          || last.isOld()
          || acted.stream().anyMatch(row -> view.shows(row.account()))) {
        apart(view, begin, () -> overviews.overview(view, Deadline.in(LONGEST)))
            .ifPresent(
                overview -> seen.put(view, new Seen(OverviewPage.of(overview), System.nanoTime())));
      }
    }
  }

  private List<Message> due(Listener listener, long version, Deadline begin) {
    List<Message> due = new ArrayList<>();
    listener
        .subscriptions(Kind.OVERVIEW)
        .forEach(each -> overview(listener, each, version).ifPresent(due::add));
    listener
        .subscriptions(Kind.LIST)
        .forEach(each -> rows(listener, each, version, begin).ifPresent(due::add));
    return due;
  }

  private Optional<Message> overview(Listener listener, Subscription to, long version) {
    Optional<View> view = listener.view(to);
    if (view.isEmpty()) {
      return Message.refusal(listener, to, version);
    }
    Seen now = seen.get(view.get());
    if (now == null) {
      return Optional.empty();
    }
    long digest = Hash.of(now.page.tag());
    if (listener.sent(to).filter(sent -> sent.digest() == digest).isPresent()) {
      return Optional.empty();
    }
    String text = Message.of("dashboard.overview", to, version, Optional.empty(), now.page.body());
    return Optional.of(new Message(to, List.of(text), new Sent(digest, "")));
  }

  private Optional<Message> rows(Listener listener, Subscription to, long version, Deadline begin) {
    Optional<View> view = listener.view(to);
    if (view.isEmpty()) {
      return Message.refusal(listener, to, version);
    }
    Sent after = new Sent(changed.last(), "");
    Optional<Sent> before = listener.sent(to).filter(sent -> !sent.isRefusal());
    if (before.isEmpty()) {
      return firstRows
          .computeIfAbsent(view.get(), of -> apart(of, begin, () -> present(of)))
          .map(rows -> message(to, version, rows, after));
    }
    List<Row> visible =
        changed.after(before.get().digest()).stream()
            .filter(row -> view.get().shows(row.account()))
            .toList();
    if (visible.isEmpty()) {
      listener.told(to, new Sent(changed.last(), "", before.get().atNanos()));
      return Optional.empty();
    }
    boolean isDue =
        before.get().isOlderThan(BatchFeed.COUNTERS_NANOS)
            || visible.stream().anyMatch(Row::isActedOn);
    return isDue
        ? Optional.of(message(to, version, visible.stream().map(Row::json).toList(), after))
        : Optional.empty();
  }

  private static Message message(Subscription to, long version, List<String> rows, Sent after) {
    return new Message(to, Message.ofRows("batches.changed", to, version, rows), after);
  }

  /** Returns the newest active batches: what a new subscriber begins with. */
  private List<String> present(View view) {
    Map<String, String> query = Map.of("status", "active", "limit", FIRST_ROWS);
    ListQuery active =
        ListQuery.parse(view.accounts(), name -> Optional.ofNullable(query.get(name)));
    return list.page(active, Deadline.in(LONGEST)).rows().stream()
        .map(row -> JsonWriter.object(json -> BatchRow.write(json, row)))
        .toList();
  }
}
