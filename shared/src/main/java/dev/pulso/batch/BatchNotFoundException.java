package dev.pulso.batch;

/** Thrown when no visible batch has the given address. */
public final class BatchNotFoundException extends RuntimeException {
  public BatchNotFoundException() {
    super("Batch not found");
  }
}
