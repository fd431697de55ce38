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
 * share a small part of it, and so do those of which nothing is known yet: however many they are,
 * they delay no quick one. What is known about a webhook stays with the process.
 */
final class Room {
  /** Attempts to webhooks whose last attempt was quick. */
  static final int FOR_QUICK = 128;

  /**
   * Attempts to webhooks that are new to the process. A TLS handshake costs 5 ms of a processor, of
   * which the function has a third: if more began at once, quick receivers would look slow.
   */
  static final int FOR_NEW = 64;

  /** Attempts to webhooks whose last attempt was slow. */
  static final int FOR_SLOW = 64;

  /**
   * Attempts that became slow while they ran, and gave their place to others of their kind. With
   * these, too, a function stays below the thousand files and connections that it may have open.
   */
  static final int GIVEN_BY_QUICK = 64;

  static final int GIVEN_BY_NEW = 192;

  private static final int AT_ONCE = 4;

  private final Duration slow;
  private final Part forQuick = Part.of(FOR_QUICK, GIVEN_BY_QUICK);
  private final Part forNew = Part.of(FOR_NEW, GIVEN_BY_NEW);
  private final Part forSlow = Part.of(FOR_SLOW, 0);
  private final Map<String, Boolean> isSlow = new ConcurrentHashMap<>();
  private final Set<Place> running = ConcurrentHashMap.newKeySet();

  /**
   * A part of the room.
   *
   * @param given places of attempts that became slow
   */
  private record Part(Semaphore places, Semaphore given) {
    static Part of(int places, int given) {
      return new Part(new Semaphore(places, true), new Semaphore(given));
    }
  }

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
      Part part = partOf(webhook);
      if (part.places.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        // While it waited, another attempt may have shown that the webhook is slow.
        if (part == partOf(webhook)) {
          Place place = new Place(webhook, part);
          running.add(place);
          return Optional.of(place);
        }
        part.places.release();
      }
    }
    return Optional.empty();
  }

  private Part partOf(String webhook) {
    Boolean isKnownSlow = isSlow.get(webhook);
    if (isKnownSlow == null) {
      return forNew;
    }
    return isKnownSlow ? forSlow : forQuick;
  }

  /** Finds the attempts that have become slow, and lets others have their places. */
  void look() {
    running.forEach(Place::look);
  }

  /** The place of one attempt. */
  final class Place {
    private final String webhook;
    private final Part part;
    private final long start = System.nanoTime();

    /** What it gives back at the end. Guarded by this. */
    private Semaphore held;

    private Place(String webhook, Part part) {
      this.webhook = webhook;
      this.part = part;
      this.held = part.places;
    }

    private boolean isSlow() {
      return System.nanoTime() - start >= slow.toNanos();
    }

    private synchronized void look() {
      if (isSlow()) {
        isSlow.put(webhook, true);
        if (held == part.places && part.given.tryAcquire()) {
          held.release();
          held = part.given;
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
