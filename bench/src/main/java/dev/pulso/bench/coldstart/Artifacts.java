package dev.pulso.bench.coldstart;

import dev.pulso.bench.process.Child;
import dev.pulso.local.server.template.FunctionDefinition;
import dev.pulso.local.server.template.TemplateReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The functions as they are deployed, and others with some of their jars. */
final class Artifacts {
  /** The function that is measured, as the template names it. */
  static final String STATUS = "BatchStatusFunction";

  private static final Path TEMPLATE = Path.of("template.yaml");

  /** Beginnings of the names of the jars that a handler needs. */
  static final List<String> LAMBDA = List.of("aws-lambda-java");

  static final List<String> LAMBDA_AND_DRIVER = List.of("aws-lambda-java", "bson", "mongodb");

  private final Path folder;

  /**
   * @param folder folder to build in
   */
  Artifacts(Path folder) {
    this.folder = folder;
  }

  /** Builds each function like sam, and returns the size of its zip's content in bytes. */
  Map<String, Long> build() {
    Map<String, Long> sizes = new TreeMap<>();
    for (FunctionDefinition function : TemplateReader.read(TEMPLATE).functions()) {
      Path artifact = of(function.name());
      String target = "build-" + function.name();
      Child.run(
          List.of("make", "-s", target, "ARTIFACTS_DIR=" + artifact.toAbsolutePath()), Map.of());
      sizes.put(function.name(), size(artifact));
    }
    return sizes;
  }

  /** Returns the folder of a function. */
  Path of(String name) {
    return folder.resolve(name);
  }

  /** Builds a function from a class of this module and these jars. */
  Path around(String name, Class<?> type, List<String> needed) {
    Path artifact = of(name);
    String file = type.getName().replace('.', '/') + ".class";
    try (Stream<Path> jars = Files.list(of(STATUS).resolve("lib"));
        InputStream code = type.getClassLoader().getResourceAsStream(file)) {
      Files.createDirectories(artifact.resolve("lib"));
      for (Path jar : jars.toList()) {
        if (needed.stream().anyMatch(jar.getFileName().toString()::startsWith)) {
          Files.copy(
              jar,
              artifact.resolve("lib").resolve(jar.getFileName()),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.createDirectories(artifact.resolve(file).getParent());
      Files.write(artifact.resolve(file), code.readAllBytes());
      return artifact;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path artifact) {
    try (Stream<Path> files = Files.walk(artifact)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
