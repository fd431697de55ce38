package dev.pulso.local.database;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A mongod that runs on this machine, and its description. */
record MongodBinary(Path file, String origin) {
  private static final Pattern VERSION = Pattern.compile("db version v(\\d+)\\.(\\d+\\.\\d+\\S*)");
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("error while loading shared libraries: (\\S+?):");
  static final int OLDEST = 6;

  /** Returns the binary in {@code MONGOD}, else the first {@code mongod} on the {@code PATH}. */
  static MongodBinary named(Map<String, String> environment) throws NotThisWayException {
    String name = environment.getOrDefault("MONGOD", "");
    if (!name.isBlank() && name.contains(File.separator)) {
      version(Path.of(name));
      return new MongodBinary(Path.of(name).toAbsolutePath(), "mongod of MONGOD (" + name + ")");
    }
    String wanted = name.isBlank() ? "mongod" : name;
    Path found =
        onPath(wanted, environment)
            .orElseThrow(() -> new NotThisWayException("there is no " + wanted + " on it"));
    version(found);
    return new MongodBinary(found, "mongod on the PATH (" + found + ")");
  }

  /** Returns the one that is {@link #named}, else a fetched one. */
  static MongodBinary any(Wish wish) throws NotThisWayException {
    try {
      return named(wish.environment());
    } catch (NotThisWayException notInstalled) {
      return FetchedMongod.find(wish);
    }
  }

  static Optional<Path> onPath(String name, Map<String, String> environment) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** Runs {@code --version}. Fails for a binary of another platform, or without its libraries. */
  static String version(Path file) throws NotThisWayException {
    String output = output(file);
    Matcher library = MISSING_LIBRARY.matcher(output);
    if (library.find()) {
      throw new NotThisWayException(
          file
              + " needs the library "
              + library.group(1)
              + ": install the system package that contains it");
    }
    Matcher version = VERSION.matcher(output);
    if (!version.find()) {
      throw new NotThisWayException(
          file + " --version does not name a version: " + output.lines().findFirst().orElse(""));
    }
    String number = version.group(1) + "." + version.group(2);
    if (Integer.parseInt(version.group(1)) < OLDEST) {
      throw new NotThisWayException(
          file + " is version " + number + "; " + OLDEST + ".0 or later is needed");
    }
    return number;
  }

  private static String output(Path file) throws NotThisWayException {
    try {
      Process process =
          new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(Startup.LIMIT)) {
        process.destroyForcibly();
        throw new NotThisWayException(file + " --version does not end");
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new NotThisWayException(file + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotThisWayException("interrupted", e);
    }
  }
}
