package dev.pulso.local.database;

/** Thrown by an attempt to start a server when another program has the port. */
public final class PortTakenException extends Exception {
  private static final long serialVersionUID = 1L;

  public PortTakenException(int port) {
    super("port " + port + " is taken");
  }
}
