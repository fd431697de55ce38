package dev.pulso.webhooks;

import com.mongodb.MongoException;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Delivers events to webhooks: looks for new ones each second, and sends what is due. A webhook
 * gets few deliveries at once, on threads of its own, and slow and new ones share parts of the
 * room, so slow receivers delay no quick one.
 */
public final class DeliveryService {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int PAGE = 200;
  private static final Duration SLOW = Duration.ofSeconds(2);

  private final Db db;
  private final EventFanOut fanOut;
  private final WebhookStore webhooks;
  private final DeliveryStore deliveries;
  private final Room room = new Room(SLOW);

  DeliveryService(Db db, EventFanOut fanOut, WebhookStore webhooks, DeliveryStore deliveries) {
    this.db = db;
    this.fanOut = fanOut;
    this.webhooks = webhooks;
    this.deliveries = deliveries;
  }

  /**
   * Delivers until the deadline, and then waits for attempts that have begun, which takes up to
   * {@link Transport#LIMIT} and two writes. Returns early if there is no webhook and nothing is
   * due. Goes on after an outage of the database.
   *
   * @throws MongoException when the database is away at the end, or refuses the password
   */
  public DeliveryReport run(Transport transport, Deadline deadline) {
    long start = System.nanoTime();
    Retries retries = new Retries(() -> ThreadLocalRandom.current().nextDouble());
    Run run = new Run(new Sending(webhooks, deliveries, transport, retries), deadline);
    try (run) {
      run.untilDeadline();
    }
    return new DeliveryReport(
        run.sent.get(),
        run.failed.get(),
        run.unreadable,
        Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * Deliveries go on with the keys that were read before, if there are any.
   *
   * @return how many enabled webhooks have a secret that cannot be decrypted
   */
  private int renewSecrets() {
    Instant now = db.now();
    try {
      webhooks.renewSecrets(now);
    } catch (MissingConnectionException e) {
      Log.failure(DeliveryReport.ENDPOINT, Optional.empty(), "KEYS_UNREADABLE", e);
    }
    int unreadable = webhooks.unreadableSecrets(now);
    if (unreadable > 0) {
      Log.error("secrets_unreadable", json -> json.number("webhooks", unreadable));
    }
    return unreadable;
  }

  /** Returns for how long the longest waiting delivery is due; zero if none is. */
  public Duration oldestDue() {
    Instant now = db.now();
    return deliveries.oldestDue(now).map(due -> Duration.between(due, now)).orElse(Duration.ZERO);
  }

  /** The attempts of one run. */
  private final class Run implements AutoCloseable {
    private final Sending sending;
    private final Deadline deadline;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> busy = new ConcurrentHashMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private boolean isRenewed;
    private int unreadable;

    Run(Sending sending, Deadline deadline) {
      this.sending = sending;
      this.deadline = deadline;
    }

    void untilDeadline() {
      Optional<MongoException> failure = Optional.empty();
      boolean isNeeded = true;
      while (isNeeded && !deadline.passed()) {
        try {
          isNeeded = look();
          failure = Optional.empty();
        } catch (MongoException e) {
          if (Thread.currentThread().isInterrupted() || ServerErrors.isUnauthenticated(e)) {
            throw e;
          }
          if (failure.isEmpty()) {
            Log.failure(DeliveryReport.ENDPOINT, Optional.empty(), "LOOK_FAILED", e);
          }
          failure = Optional.of(e);
          pause();
        }
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
    }

    /** Finds what is new and what is due; false if there is nothing, and no webhook. */
    private boolean look() {
      boolean isAny = webhooks.isAny();
      if (isAny && !isRenewed) {
        unreadable = renewSecrets();
        isRenewed = true;
      }
      fanOut.run(deadline);
      room.look();
      int begun = begin();
      // A full page may hide deliveries to other webhooks.
      if (begun < PAGE && (isAny || begun > 0)) {
        pause();
      }
      // The last webhook may be deleted while deliveries to it wait.
      return isAny || begun > 0;
    }

    private void pause() {
      LockSupport.parkNanos(Math.min(PAUSE.toNanos(), deadline.remaining().toNanos()));
    }

    /** Begins what is due, but for webhooks that are busy; returns how many deliveries. */
    private int begin() {
      Set<String> except = new HashSet<>(busy.keySet());
      List<DeliveryStore.Due> due = deliveries.due(db.now(), except, PAGE);
      Map<String, Queue<DeliveryStore.Due>> queues = new HashMap<>();
      for (DeliveryStore.Due one : due) {
        queues.computeIfAbsent(one.webhookId(), any -> new ConcurrentLinkedQueue<>()).add(one);
      }
      queues.forEach(this::begin);
      return due.size();
    }

    /** What exceeds a webhook's first attempt waits for the next look. */
    private void begin(String webhook, Queue<DeliveryStore.Due> queue) {
      int most = room.atOnce(webhook);
      Queue<DeliveryStore.Due> now =
          most > 1 ? queue : new ConcurrentLinkedQueue<>(List.of(queue.remove()));
      int workers = Math.min(most, now.size());
      busy.put(webhook, workers);
      for (int i = 0; i < workers; i++) {
        threads.execute(() -> drain(webhook, now));
      }
    }

    private void drain(String webhook, Queue<DeliveryStore.Due> queue) {
      try {
        DeliveryStore.Due due = queue.poll();
        while (due != null && send(due)) {
          due = queue.poll();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        busy.computeIfPresent(webhook, (id, workers) -> workers > 1 ? workers - 1 : null);
      }
    }

    /**
     * Sends a delivery; false if there is no room for it in time. One whose attempt fails here is
     * due again when the attempt counts as dead.
     */
    private boolean send(DeliveryStore.Due due) throws InterruptedException {
      Optional<Room.Place> place = room.enter(due.webhookId(), deadline);
      if (place.isEmpty()) {
        return false;
      }
      try {
        Optional<Boolean> arrived = sending.send(due);
        arrived.ifPresent(isDone -> sent.incrementAndGet());
        arrived.filter(isDone -> !isDone).ifPresent(isDone -> failed.incrementAndGet());
      } catch (RuntimeException e) {
        Log.failure(DeliveryReport.ENDPOINT, Optional.empty(), "DELIVERY_FAILED", e);
      } finally {
        place.get().leave();
      }
      return true;
    }

    /** Waits for attempts that have begun. */
    @Override
    public void close() {
      threads.close();
    }
  }
}
