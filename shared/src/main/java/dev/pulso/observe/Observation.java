package dev.pulso.observe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What is observed during one request or one upkeep run. Code finds it by {@link #current} on the
 * thread that does the work; {@link #during} passes it to other threads. Safe for use by several
 * threads.
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

  /** Creates an observation without a trace. */
  public Observation() {
    this(Optional.empty());
  }

  Observation(Optional<Trace> trace) {
    this.trace = trace;
  }

  /** Returns the observation of this thread's work; if there is none, one that is discarded. */
  public static Observation current() {
    return CURRENT.isBound() ? CURRENT.get() : new Observation();
  }

  /** Runs work whose observations go here. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** Notes one database command. */
  public void databaseCall(Duration took) {
    databaseCalls.incrementAndGet();
    databaseNanos.addAndGet(took.toNanos());
  }

  /** Returns the trace of this work, if it is traced. */
  public Optional<Trace> trace() {
    return trace;
  }

  /** Notes groups that were recounted together. */
  public void recounted(int groups, Duration took) {
    recounts.addAndGet(groups);
    recountNanos.addAndGet(took.toNanos());
  }

  /** Notes cancelled jobs, as reported by the database. */
  public void jobsCancelled(long jobs) {
    jobsCancelled.addAndGet(jobs);
  }

  /** Notes that the request passed because the rate limiter was unavailable. */
  public void limiterFailed() {
    limiterFailures.incrementAndGet();
  }

  /** Notes the age of the counters in the answer. */
  public void staleness(Duration age) {
    stalenessMs = Math.max(0, age.toMillis());
  }

  /** Notes how the cache answered. */
  public void cache(CacheUse use) {
    cache = use;
  }

  /** Notes the subject of the caller's token; only a hash is ever logged. */
  public void caller(Optional<String> tokenSubject) {
    subject = tokenSubject.orElse(null);
  }

  /** Notes the account of the answer. */
  public void account(Optional<String> accountId) {
    account = accountId.orElse(null);
  }

  /** Notes the batch of the answer, and its account. */
  public void batch(String batchId, Optional<String> accountId) {
    batch = batchId;
    account(accountId);
  }

  /** Notes the code of the problem document. */
  public void problem(String code) {
    problem = code;
  }

  /** Returns the total time of database commands. */
  public Duration databaseTime() {
    return Duration.ofNanos(databaseNanos.get());
  }

  /** Returns the number of database commands. */
  public long databaseCalls() {
    return databaseCalls.get();
  }

  public long recounts() {
    return recounts.get();
  }

  Duration recountTime() {
    return Duration.ofNanos(recountNanos.get());
  }

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
