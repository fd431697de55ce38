package dev.pulso.bench.coldstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
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

  /**
   * The driver, the Lambda interfaces, and these.
   *
   * @param name of its folder
   * @param types classes of this module
   * @param libraries classes of other people's, whose jars come along
   */
  Path around(String name, List<Class<?>> types, List<Class<?>> libraries) {
    Path artifact = of(name);
    try (Stream<Path> jars = Files.list(of("batch-status").resolve("lib"))) {
      Files.createDirectories(artifact.resolve("lib"));
      for (Path jar : jars.toList()) {
        if (NOT_BARE.stream().noneMatch(jar.getFileName().toString()::startsWith)) {
          copy(jar, artifact);
        }
      }
      for (Class<?> library : libraries) {
        copy(
            Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI()), artifact);
      }
      for (Class<?> type : types) {
        String file = type.getName().replace('.', '/') + ".class";
        try (var code = type.getClassLoader().getResourceAsStream(file)) {
          Files.createDirectories(artifact.resolve(file).getParent());
          Files.write(artifact.resolve(file), code.readAllBytes());
        }
      }
      return artifact;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a jar without a path", e);
    }
  }

  private static void copy(Path jar, Path artifact) throws IOException {
    Files.write(
        artifact.resolve("lib").resolve(jar.getFileName().toString()), Files.readAllBytes(jar));
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
