package dev.pulso.cancel;

import java.util.Optional;

/** How far a cancel came. */
public sealed interface CancelOutcome {
  /** The reason that was given first, if one was. */
  Optional<String> reason();

  /** No job of the batch is waiting any more. */
  record Cancelled(Optional<String> reason) implements CancelOutcome {}

  /** The fence is set, and the rest follows by itself. */
  record StillCancelling(Optional<String> reason) implements CancelOutcome {}
}
