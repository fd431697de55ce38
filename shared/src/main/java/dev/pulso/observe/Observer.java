package dev.pulso.observe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Sees the requests of one process answered, and its runs of upkeep, and passes on what was
 * measured. Safe for use by several threads.
 */
public final class Observer implements AutoCloseable {
  private final Consumer<Measured> sink;
  private final Tracer tracer;
  private final AtomicBoolean isCold = new AtomicBoolean(true);

  /**
   * @param sink takes each measurement, on any thread, at once and without failing: an answer waits
   *     for it
   * @param tracer what begins traces, closed with this
   */
  public Observer(Consumer<Measured> sink, Tracer tracer) {
    this.sink = sink;
    this.tracer = tracer;
  }

  /** One that passes nothing on. */
  public static Observer none() {
    return new Observer(measured -> {}, Tracer.OFF);
  }

  /**
   * Sees a request answered.
   *
   * @param answer answers it; whatever can fail has failed and become an answer in there
   * @param status the HTTP status of an answer
   */
  public <T> T request(RequestReport request, Supplier<T> answer, ToIntFunction<T> status) {
    boolean first = isCold.get() && isCold.getAndSet(false);
    long start = System.nanoTime();
    return observe(
        request.endpoint(),
        answer,
        (given, seen) -> request.answered(status.applyAsInt(given), since(start), first, seen));
  }

  /**
   * Sees work done that has an end of its own.
   *
   * @param endpoint the function
   * @param work what it throws is thrown on, and not measured
   * @param report what was measured of a result
   */
  public <T> T observe(
      String endpoint, Supplier<T> work, BiFunction<T, Observation, Measured> report) {
    Optional<Trace> trace = tracer.begin();
    Observation seen = new Observation(trace);
    Outcome outcome = Outcome.ERROR;
    try {
      T result = seen.during(work);
      Measured measured = report.apply(result, seen);
      outcome = measured.outcome();
      sink.accept(measured);
      return result;
    } finally {
      if (trace.isPresent()) {
        trace.get().end(endpoint, outcome);
      }
    }
  }

  /** Lets go of what is open; the next trace opens it again. */
  @Override
  public void close() {
    tracer.close();
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
