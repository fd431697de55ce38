package dev.pulso.local.database;

/** Thrown when another program has the port of a starting server. */
public final class PortTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  public PortTakenException(int port) {
    super("port " + port + " is taken");
  }
}
