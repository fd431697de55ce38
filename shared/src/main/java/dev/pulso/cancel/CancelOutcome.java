package dev.pulso.cancel;

import java.util.Optional;

/** The result of a cancel request. */
public sealed interface CancelOutcome {
  /** Returns the first reason, if one was given. */
  Optional<String> reason();

  /** No job of the batch waits. */
  record Cancelled(Optional<String> reason) implements CancelOutcome {}

  /** The cancellation marker is set; upkeep cancels the remaining jobs. */
  record StillCancelling(Optional<String> reason) implements CancelOutcome {}
}
