package dev.pulso.mongo;

/** Thrown when the server lacks what Pulso needs, so retries cannot succeed. */
public final class UnsupportedDatabaseException extends RuntimeException {
  private final Lack lack;

  public UnsupportedDatabaseException(Lack lack) {
    super(lack.text);
    this.lack = lack;
  }

  /** Returns what the server lacks. */
  public Lack lack() {
    return lack;
  }

  public enum Lack {
    /** Not a member of a replica set. */
    REPLICA_SET_REQUIRED("The database is a standalone server. Pulso needs a replica set."),
    /** Older than 6.0. */
    DATABASE_TOO_OLD("The database is too old. Pulso needs MongoDB 6.0 or later."),
    /** Another product with MongoDB's protocol: DocumentDB, Cosmos DB, FerretDB. */
    DATABASE_UNSUPPORTED(
        "The database lacks commands of MongoDB. Pulso needs MongoDB itself, or Atlas.");

    private final String text;

    Lack(String text) {
      this.text = text;
    }
  }
}
