package dev.pulso.local.database;

/** Thrown when another program has the port of a starting server. */
public final class PortTakenException extends Exception {
  public PortTakenException(int port) {
    super("port " + port + " is taken");
  }
}
