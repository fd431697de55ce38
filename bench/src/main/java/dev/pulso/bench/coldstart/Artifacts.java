package dev.pulso.bench.coldstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The functions as they are deployed, and a bare one out of the same jars. */
final class Artifacts {
  private static final Path FUNCTIONS = Path.of("functions");
  private static final List<String> NOT_BARE = List.of("pulso", "batch-", "dashboard-", "jackson");

  private final Path folder;

  /**
   * @param folder where to build them
   */
  Artifacts(Path folder) {
    this.folder = folder;
  }

  /** Builds each function as sam does, and says how many bytes its zip has to hold. */
  Map<String, Long> build() {
    Map<String, Long> sizes = new TreeMap<>();
    for (String name : names()) {
      Path artifact = of(name);
      String target = "build-" + logicalId(name);
      Shell.run(List.of("make", "-s", target, "ARTIFACTS_DIR=" + artifact.toAbsolutePath()));
      sizes.put(name, size(artifact));
    }
    return sizes;
  }

  /** Where a function is. */
  Path of(String name) {
    return folder.resolve(name);
  }

  /** The driver, the Lambda interfaces and one class. */
  Path bare() {
    Path bare = of("bare");
    String type = BareHandler.class.getName().replace('.', '/') + ".class";
    try (Stream<Path> jars = Files.list(of("batch-status").resolve("lib"));
        var code = BareHandler.class.getClassLoader().getResourceAsStream(type)) {
      Files.createDirectories(bare.resolve("lib"));
      for (Path jar : jars.toList()) {
        String name = jar.getFileName().toString();
        if (NOT_BARE.stream().noneMatch(name::startsWith)) {
          Files.write(bare.resolve("lib").resolve(name), Files.readAllBytes(jar));
        }
      }
      Files.createDirectories(bare.resolve(type).getParent());
      Files.write(bare.resolve(type), code.readAllBytes());
      return bare;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names() {
    try (Stream<Path> modules = Files.list(FUNCTIONS)) {
      return modules
          .filter(module -> Files.exists(module.resolve("pom.xml")))
          .map(module -> module.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String logicalId(String name) {
    StringBuilder id = new StringBuilder();
    for (String word : name.split("-")) {
      id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return id.append("Function").toString();
  }

  private static long size(Path artifact) {
    try (Stream<Path> files = Files.walk(artifact)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
