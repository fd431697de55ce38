package dev.pulso.batch;

/** Thrown when no batch is there under the address that the caller gave. */
public final class BatchNotFoundException extends RuntimeException {
  public BatchNotFoundException() {
    super("Batch not found");
  }
}
