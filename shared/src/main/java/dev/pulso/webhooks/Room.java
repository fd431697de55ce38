package dev.pulso.webhooks;

import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many attempts run at once, and for whom there is room. Webhooks whose receivers were slow
 * share a small part of it, so however many they are, they delay no other. What is known about a
 * webhook stays with the process.
 */
final class Room {
  /** Attempts to webhooks that are not known to be slow. */
  static final int FOR_QUICK = 192;

  /** Attempts to webhooks that are. */
  static final int FOR_SLOW = 64;

  /**
   * Attempts that became slow while they ran, and gave their place to others. With these, too, a
   * function stays below the thousand files and connections that it may have open.
   */
  static final int MOST_GIVEN = 256;

  private static final int AT_ONCE = 4;

  private final Duration slow;
  private final Semaphore forQuick = new Semaphore(FOR_QUICK, true);
  private final Semaphore forSlow = new Semaphore(FOR_SLOW, true);
  private final Semaphore given = new Semaphore(MOST_GIVEN);
  private final Map<String, Boolean> isSlow = new ConcurrentHashMap<>();
  private final Set<Place> running = ConcurrentHashMap.newKeySet();

  /**
   * @param slow an attempt that takes this long is slow
   */
  Room(Duration slow) {
    this.slow = slow;
  }

  /**
   * Returns how many attempts a webhook gets at once: one until it is known, because all of an
   * unknown one's attempts may hang.
   */
  int atOnce(String webhook) {
    return isSlow.containsKey(webhook) ? AT_ONCE : 1;
  }

  boolean isSlow(String webhook) {
    return isSlow.getOrDefault(webhook, false);
  }

  /** Waits for room; empty if the deadline passes before. */
  Optional<Place> enter(String webhook, Deadline deadline) throws InterruptedException {
    while (!deadline.passed()) {
      Semaphore room = roomOf(webhook);
      if (room.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        // While it waited, another attempt may have shown that the webhook is slow.
        if (room == roomOf(webhook)) {
          Place place = new Place(webhook, room);
          running.add(place);
          return Optional.of(place);
        }
        room.release();
      }
    }
    return Optional.empty();
  }

  private Semaphore roomOf(String webhook) {
    return isSlow(webhook) ? forSlow : forQuick;
  }

  /** Finds the attempts that have become slow, and lets others have their places. */
  void look() {
    running.forEach(Place::look);
  }

  /** The place of one attempt. */
  final class Place {
    private final String webhook;
    private final long start = System.nanoTime();

    /** What it gives back at the end. Guarded by this. */
    private Semaphore held;

    private Place(String webhook, Semaphore held) {
      this.webhook = webhook;
      this.held = held;
    }

    private boolean isSlow() {
      return System.nanoTime() - start >= slow.toNanos();
    }

    private synchronized void look() {
      if (isSlow()) {
        isSlow.put(webhook, true);
        if (held == forQuick && given.tryAcquire()) {
          held.release();
          held = given;
        }
      }
    }

    /** Ends the attempt. */
    synchronized void leave() {
      running.remove(this);
      isSlow.put(webhook, isSlow());
      held.release();
    }
  }
}
