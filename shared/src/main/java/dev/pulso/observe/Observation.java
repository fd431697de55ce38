package dev.pulso.observe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What is noted while one request is answered, or one run of upkeep works. Whoever has something to
 * note finds it by {@link #current}, on the thread that does the work; threads that are started for
 * a part of the work have to be given it by {@link #during}. Safe for use by several threads.
 */
public final class Observation {
  private static final ScopedValue<Observation> CURRENT = ScopedValue.newInstance();
  private static final long NONE = -1;

  private final Optional<Trace> trace;
  private final AtomicLong databaseNanos = new AtomicLong();
  private final AtomicLong databaseCalls = new AtomicLong();
  private final AtomicLong recounts = new AtomicLong();
  private final AtomicLong recountNanos = new AtomicLong();
  private final AtomicLong jobsCancelled = new AtomicLong();
  private final AtomicLong limiterFailures = new AtomicLong();
  private volatile long stalenessMs = NONE;
  private volatile CacheUse cache;
  private volatile String subject;
  private volatile String account;
  private volatile String batch;
  private volatile String problem;

  /** One that is not traced. */
  public Observation() {
    this(Optional.empty());
  }

  Observation(Optional<Trace> trace) {
    this.trace = trace;
  }

  /** That of the work which is under way here; where nobody observes, one that nobody reads. */
  public static Observation current() {
    return CURRENT.isBound() ? CURRENT.get() : new Observation();
  }

  /** Does work whose notes go here. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** One command that the database was sent. */
  public void databaseCall(Duration took) {
    databaseCalls.incrementAndGet();
    databaseNanos.addAndGet(took.toNanos());
  }

  /** Where single commands are traced, if they are. */
  public Optional<Trace> trace() {
    return trace;
  }

  /** Groups of jobs that were counted together. */
  public void recounted(int groups, Duration took) {
    recounts.addAndGet(groups);
    recountNanos.addAndGet(took.toNanos());
  }

  /** Jobs that became cancelled, as far as the database told. */
  public void jobsCancelled(long jobs) {
    jobsCancelled.addAndGet(jobs);
  }

  /** The limiter could not be asked, and let the request pass. */
  public void limiterFailed() {
    limiterFailures.incrementAndGet();
  }

  /** How old the counters are that the answer shows. */
  public void staleness(Duration age) {
    stalenessMs = Math.max(0, age.toMillis());
  }

  /** What the cache had. */
  public void cache(CacheUse use) {
    cache = use;
  }

  /** Who asks: the subject of the token; only a hash of it is ever written down. */
  public void caller(Optional<String> tokenSubject) {
    subject = tokenSubject.orElse(null);
  }

  /** The account that the answer is about. */
  public void account(Optional<String> accountId) {
    account = accountId.orElse(null);
  }

  /** The batch that the answer is about, and its account. */
  public void batch(String batchId, Optional<String> accountId) {
    batch = batchId;
    account(accountId);
  }

  /** The code of the problem that the answer tells of. */
  public void problem(String code) {
    problem = code;
  }

  /** What all commands to the database took together. */
  public Duration databaseTime() {
    return Duration.ofNanos(databaseNanos.get());
  }

  /** How many they were. */
  public long databaseCalls() {
    return databaseCalls.get();
  }

  /** How many groups of jobs were counted. */
  public long recounts() {
    return recounts.get();
  }

  Duration recountTime() {
    return Duration.ofNanos(recountNanos.get());
  }

  /** How many jobs became cancelled. */
  public long jobsCancelled() {
    return jobsCancelled.get();
  }

  long limiterFailures() {
    return limiterFailures.get();
  }

  Optional<Duration> staleness() {
    long ms = stalenessMs;
    return ms == NONE ? Optional.empty() : Optional.of(Duration.ofMillis(ms));
  }

  Optional<CacheUse> cache() {
    return Optional.ofNullable(cache);
  }

  Optional<String> subject() {
    return Optional.ofNullable(subject);
  }

  Optional<String> account() {
    return Optional.ofNullable(account);
  }

  Optional<String> batch() {
    return Optional.ofNullable(batch);
  }

  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }
}
