package dev.pulso.push;

import dev.pulso.access.AccessRules;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.overview.View;
import dev.pulso.push.Subscription.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.bson.Document;

/**
 * A connected client and what it was told. Whoever sends to it claims it first, so messages keep
 * their order and a slow client holds up nobody else: what changes meanwhile is told later, as it
 * is then.
 */
final class Listener {
  /**
   * A client that may not read: anonymous callers were allowed before, or the scope had another
   * name.
   */
  private static final Caller NOBODY =
      new Caller(Optional.empty(), Accounts.of(Set.of()), false, false);

  private final String id;
  private final AtomicBoolean isClaimed = new AtomicBoolean();
  private final Map<Subscription, Sent> sent = new ConcurrentHashMap<>();
  private volatile Connection connection;
  private volatile Caller caller;
  private volatile long heardNanos = System.nanoTime();
  private volatile long refusedNanos;
  private volatile boolean isRefusing;

  Listener(Connection connection, AccessRules access) {
    this.id = connection.id();
    replace(connection, access);
  }

  /** Takes over a newer version of its document. */
  void replace(Connection newer, AccessRules access) {
    boolean isKnown = access.allowAnonymous() || !newer.claims().isEmpty();
    Caller found = isKnown ? access.caller(newer.claims()) : NOBODY;
    caller = found.mayRead() ? found : NOBODY;
    connection = newer;
    sent.keySet().retainAll(newer.subscriptions());
  }

  String id() {
    return id;
  }

  Stream<Subscription> subscriptions(Kind kind) {
    return connection.subscriptions().stream().filter(each -> each.kind() == kind);
  }

  /** Returns whether it may see what belongs to that account. */
  boolean sees(Optional<String> account) {
    return new View(Optional.empty(), caller.accounts()).shows(account);
  }

  /** Returns whose figures a subscription shows; empty if it may not see them any more. */
  Optional<View> view(Subscription subscription) {
    Caller now = caller;
    return now.mayRead() && subscription.name().stream().allMatch(now.accounts()::contains)
        ? Optional.of(View.of(now, subscription.name()))
        : Optional.empty();
  }

  boolean isAuthorized(Instant now) {
    return caller.mayRead()
        && connection.authorizedUntil().filter(until -> !now.isBefore(until)).isEmpty();
  }

  boolean isDisplaced() {
    return connection.isDisplaced();
  }

  Optional<Sent> sent(Subscription subscription) {
    return Optional.ofNullable(sent.get(subscription));
  }

  /** Notes what it was told, unless it ended that subscription meanwhile. */
  void told(Subscription subscription, Sent what) {
    sent.put(subscription, what);
    sent.keySet().retainAll(connection.subscriptions());
  }

  /** Returns whether the caller may send now, and nobody else until {@link #free}. */
  boolean claim() {
    return isClaimed.compareAndSet(false, true);
  }

  void free() {
    isClaimed.set(false);
  }

  boolean isClaimed() {
    return isClaimed.get();
  }

  void heard() {
    heardNanos = System.nanoTime();
    isRefusing = false;
  }

  /** Returns for how long it has refused messages, in ns. */
  long refusedNanos() {
    if (!isRefusing) {
      isRefusing = true;
      refusedNanos = System.nanoTime();
    }
    return System.nanoTime() - refusedNanos;
  }

  /** Returns for how long nothing was sent, in ns. */
  long silentNanos() {
    return System.nanoTime() - heardNanos;
  }

  /** Takes over when another pusher last sent it something. */
  void takeOverSilence(Handover before) {
    Sent last = before.told().get(name());
    if (last != null) {
      heardNanos = last.atNanos();
    }
  }

  /** Adds when it was last sent something. */
  void handOverSilence(Map<String, Sent> told) {
    told.put(name(), new Sent(0, "", heardNanos));
  }

  /** Returns its own name in a handover, unlike those of subjects. */
  private String name() {
    return "client\n" + id;
  }

  /** Takes over what another pusher told it. */
  void takeOver(Handover before) {
    for (Subscription each : connection.subscriptions()) {
      Sent was = before.told().get(subject(each));
      if (was != null) {
        // Numbers of rows are this process's own; it begins with those of after the handover.
        boolean isRows = each.kind() == Kind.LIST && !was.isRefusal();
        sent.put(each, isRows ? new Sent(0, "") : was);
      }
    }
  }

  /**
   * Adds what it was told; what all subscribers of a subject know need not be sent again.
   *
   * @return whether others were told the same
   */
  boolean handOver(Map<String, Sent> told) {
    for (Subscription each : connection.subscriptions()) {
      Sent own = sent.get(each);
      Sent others = own == null ? null : told.putIfAbsent(subject(each), own);
      if (own == null || (others != null && others.digest() != own.digest())) {
        return false;
      }
    }
    return !isClaimed();
  }

  /** Returns a name of what a subscription shows; equal for all who are shown the same. */
  String subject(Subscription subscription) {
    String shown =
        switch (subscription.kind()) {
          case BATCH -> new Document("", subscription.batch().orElse(null)).toJson();
          case OVERVIEW, LIST -> subscription.name().orElse("") + "\n" + accounts();
        };
    return subscription.kind() + "\n" + shown;
  }

  private List<String> accounts() {
    return caller.accounts().only().map(ids -> List.copyOf(new TreeSet<>(ids))).orElse(List.of());
  }
}
