package dev.pulso.mongo;

import java.time.Instant;
import java.util.function.Function;

/**
 * The right of one process to do what a document stands for, until it runs out.
 *
 * @param token orders the leases on one document, over all processes
 * @param takenAt when it was taken, by the server's clock
 * @param before what the document said when the lease was taken
 */
public record Lease<T>(long token, Instant takenAt, T before) {

  /** Returns the same lease on what the document means. */
  public <U> Lease<U> map(Function<T, U> reader) {
    return new Lease<>(token, takenAt, reader.apply(before));
  }
}
