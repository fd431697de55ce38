package dev.pulso.contract;

import dev.pulso.openapi.Operation;

/** One answer of an operation, and the request that produces it. */
record ExpectedAnswer(Operation operation, int status, String code, Question question) {
  /** A request in a world. */
  @FunctionalInterface
  interface Question {
    /** Sends the request, derived from a valid call of the operation. */
    Reply ask(Worlds worlds, Call call);
  }

  @Override
  public String toString() {
    return "%s %d %s".formatted(operation.id(), status, code).strip();
  }
}
