package dev.pulso.cancel;

import dev.pulso.text.InputText;
import java.util.Optional;

/** The rule for reasons: 1 to 500 characters after trimming, any script, no control characters. */
public final class CancelReason {
  private static final int LONGEST = 500;

  private CancelReason() {}

  /**
   * Returns the trimmed reason; an empty one counts as none.
   *
   * @throws InvalidReasonException when it is too long or contains control characters
   */
  public static Optional<String> parse(Optional<String> given) {
    Optional<String> reason = given.map(InputText::trimmed).filter(text -> !text.isEmpty());
    reason.ifPresent(CancelReason::check);
    return reason;
  }

  private static void check(String reason) {
    if (!InputText.isWithin(LONGEST, reason)) {
      throw new InvalidReasonException("reason must have at most " + LONGEST + " characters.");
    }
    if (InputText.hasControls(reason)) {
      throw new InvalidReasonException("reason must not contain control characters.");
    }
  }
}
