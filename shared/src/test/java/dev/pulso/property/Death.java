package dev.pulso.property;

/** Ends a process. An error, because the driver ignores exceptions of listeners. */
final class Death extends Error {
  private static final long serialVersionUID = 1L;

  Death() {
    super("the process is dead");
  }
}
