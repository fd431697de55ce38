package dev.pulso.observe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Observes the requests and upkeep runs of one process, and passes their measurements on. Safe for
 * use by several threads.
 */
public final class Observer {
  private final Consumer<Measured> sink;
  private final Tracer tracer;
  private final AtomicBoolean isCold = new AtomicBoolean(true);

  /**
   * @param sink receives each measurement, on any thread; must be fast and must not throw, because
   *     a response waits for it
   * @param tracer begins traces
   */
  public Observer(Consumer<Measured> sink, Tracer tracer) {
    this.sink = sink;
    this.tracer = tracer;
  }

  /** Returns an observer that discards everything. */
  public static Observer none() {
    return new Observer(measured -> {}, Tracer.OFF);
  }

  /**
   * Observes a request.
   *
   * @param answer answers it, and turns failures into responses itself
   * @param status returns the HTTP status of a response
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
   * Observes work that is not a request.
   *
   * @param endpoint the function
   * @param work the work; its exceptions are rethrown and not measured
   * @param report makes the measurement of a result
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

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
