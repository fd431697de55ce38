package dev.pulso.local.database;

/** A mongod that is downloaded once into the user's cache. */
final class FetchedMongod {
  private FetchedMongod() {}

  static MongodBinary find(Wish wish) throws NotThisWayException {
    throw new NotThisWayException("not fetched");
  }
}
