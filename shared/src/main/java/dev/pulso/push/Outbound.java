package dev.pulso.push;

/** Sends to connected clients. Used by several threads, but by one at a time for a connection. */
public interface Outbound {
  /** What became of a message. */
  enum Delivery {
    DELIVERED,
    /** The connection does not exist any more. */
    GONE,
    /** The client takes nothing at present, or the gateway does not. */
    REFUSED
  }

  /** The longest message in bytes: the gateway takes 128 KB. */
  int LONGEST = 100_000;

  /** How the gateways of {@code ./run} begin, and no id of API Gateway does. */
  String RUN = "run ";

  /**
   * Returns how the ids of its connections begin; empty for API Gateway. Each beginning has a
   * pusher of its own, which leaves other connections alone. Of several stacks over one database,
   * only one may push.
   */
  default String gateway() {
    return "";
  }

  /** Sends a message, and returns when the client's side has taken it, or after a few seconds. */
  Delivery post(String connection, String message);

  /**
   * Ends a connection.
   *
   * @return whether it ends, or is gone already; false: the gateway does not end it at present
   */
  boolean disconnect(String connection);
}
