package dev.pulso.property;

/** Ends a process. An error, because the driver ignores exceptions of listeners. */
final class Death extends Error {
  Death() {
    super("the process is dead");
  }
}
