package dev.pulso.mongo;

/** Thrown when the server can't do what Pulso needs, so that no later try can do well either. */
public final class UnsupportedDatabaseException extends RuntimeException {
  private final Lack lack;

  public UnsupportedDatabaseException(Lack lack) {
    super(lack.text);
    this.lack = lack;
  }

  /** What is missing. */
  public Lack lack() {
    return lack;
  }

  /** What a server may lack. */
  public enum Lack {
    /** It is no member of a replica set. */
    REPLICA_SET_REQUIRED("The database is a standalone server: Pulso needs a replica set."),
    /** It is older than 6.0. */
    DATABASE_TOO_OLD("The database is too old: Pulso needs MongoDB 6.0 or later."),
    /** It speaks MongoDB's protocol and is another product: DocumentDB, Cosmos DB, FerretDB. */
    DATABASE_UNSUPPORTED(
        "The database lacks commands of MongoDB: Pulso needs MongoDB itself, or Atlas.");

    private final String text;

    Lack(String text) {
      this.text = text;
    }
  }
}
