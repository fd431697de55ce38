package dev.pulso.bench.faults;

import java.util.List;

/**
 * What came of trying one fault.
 *
 * @param fault what was done
 * @param tries how often
 * @param held how often all invariants held afterwards
 * @param notes what else was seen
 * @param breaches what did not hold
 */
public record Outcome(String fault, int tries, int held, String notes, List<String> breaches) {
  /** Whether it was tried and nothing was broken. */
  public boolean isWell() {
    return tries > 0 && held == tries && breaches.isEmpty();
  }
}
