package dev.pulso.property;

/** A process ends here. An error, because the driver forgives its listeners every exception. */
final class Death extends Error {
  private static final long serialVersionUID = 1L;

  Death() {
    super("the process is dead");
  }
}
