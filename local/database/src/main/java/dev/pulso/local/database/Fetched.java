package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A binary that is downloaded once into the user's cache: {@code $XDG_CACHE_HOME/pulso}, else
 * {@code ~/.cache/pulso}. Several JVMs may fetch it at once; each moves a complete file into place.
 */
final class Fetched {
  /** Linux's "text file busy". */
  private static final String BUSY = "error: 26";

  private static final Duration RELEASE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Fetched() {}

  /** A source to download from. */
  interface Source {
    /** Returns the name of its folder in the cache. */
    String name();

    /** Returns a description for people. */
    String origin();

    /** Returns the file name of the binary. */
    String file();

    /** Downloads the binary into {@code folder}, which is empty and will be deleted. */
    Path fetch(Path folder, Wish wish) throws NotThisWayException, IOException;
  }

  /** Returns the binary, if it was fetched before. */
  static Optional<Path> kept(Source source, Wish wish) {
    return Optional.of(place(source, wish)).filter(Files::isExecutable);
  }

  /** Returns the binary, and fetches it first if necessary. */
  static Path file(Source source, Wish wish) throws NotThisWayException {
    Path file = place(source, wish);
    if (!Files.isExecutable(file)) {
      wish.say("Fetching %s, once, from %s to %s".formatted(source.file(), source.origin(), file));
      fetch(source, file, wish);
    }
    return file;
  }

  private static Path place(Source source, Wish wish) {
    return cache(wish.environment()).resolve(source.name()).resolve(source.file());
  }

  private static void fetch(Source source, Path file, Wish wish) throws NotThisWayException {
    try {
      Files.createDirectories(file.getParent());
      Path folder = Files.createTempDirectory(file.getParent(), "fetching-");
      try {
        Path fetched = source.fetch(folder, wish);
        if (!fetched.toFile().setExecutable(true)) {
          throw new IOException(fetched + " cannot be made executable");
        }
        awaitRelease(fetched);
        Files.move(fetched, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new NotThisWayException("cannot store it as " + file + ": " + e, e);
    }
  }

  /**
   * Waits until the system runs the new file. A process that another thread forked while this one
   * wrote the file has it open for writing too, until it runs its own program. Linux refuses to run
   * such a file.
   */
  private static void awaitRelease(Path file) throws IOException {
    Instant limit = Instant.now().plus(RELEASE);
    while (true) {
      try {
        new ProcessBuilder(file.toString(), "--version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .destroyForcibly();
        return;
      } catch (IOException e) {
        if (!e.getMessage().contains(BUSY) || Instant.now().isAfter(limit)) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static Path cache(Map<String, String> environment) {
    String given = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        given.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(given);
    return caches.resolve("pulso");
  }
}
