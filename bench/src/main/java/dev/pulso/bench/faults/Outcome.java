package dev.pulso.bench.faults;

import java.util.List;

/**
 * The result of one kind of fault.
 *
 * @param fault description of the fault
 * @param tries number of attempts
 * @param held number of attempts after which all invariants held
 * @param notes other observations
 * @param breaches violated invariants
 */
public record Outcome(String fault, int tries, int held, String notes, List<String> breaches) {
  /** Returns whether it was tried and all invariants held. */
  public boolean isWell() {
    return tries > 0 && held == tries && breaches.isEmpty();
  }
}
