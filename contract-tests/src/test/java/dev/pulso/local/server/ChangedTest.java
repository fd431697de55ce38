package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run} notices that sources are newer than its build. */
class ChangedTest {
  private static final FileTime BEFORE = FileTime.from(Instant.parse("2025-01-15T10:00:00Z"));
  private static final FileTime BUILT = FileTime.from(Instant.parse("2025-01-15T10:30:00Z"));
  private static final FileTime AFTER = FileTime.from(Instant.parse("2025-01-15T11:00:00Z"));
  private static final String SOURCE = "src/main/java/Some.java";

  @TempDir private Path tree;

  private List<String> modules;

  @BeforeEach
  void buildTree() throws IOException {
    String pom = Files.readString(Project.root().resolve("pom.xml"));
    modules = new ArrayList<>(modules(pom));
    for (String function : modules(Files.readString(Project.root().resolve("functions/pom.xml")))) {
      modules.add("functions/" + function);
    }
    Files.writeString(tree.resolve("pom.xml"), pom);
    Files.createDirectory(tree.resolve("build"));
    Files.copy(Project.root().resolve("build/changed"), tree.resolve("build/changed"));
    for (String module : modules) {
      for (String file : List.of("pom.xml", SOURCE, "src/test/java/SomeTest.java", "target/jar")) {
        Path path = tree.resolve(module).resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
      }
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, BEFORE);
      }
    }
    Files.setLastModifiedTime(Files.createFile(tree.resolve("built")), BUILT);
  }

  @Test
  void sourceChangeIsDetected() throws Exception {
    assertThat(modules).contains("shared", "redis", "functions/batch-status", "local/server");
    assertThat(changed("built")).isEmpty();
    for (String module : modules) {
      for (String file : List.of(SOURCE, "pom.xml")) {
        Path path = tree.resolve(module).resolve(file);
        Files.setLastModifiedTime(path, AFTER);
        assertThat(changed("built")).isEqualTo(module + "/" + file);
        Files.setLastModifiedTime(path, BEFORE);
      }
    }
    Files.setLastModifiedTime(tree.resolve("pom.xml"), AFTER);
    assertThat(changed("built")).isEqualTo("pom.xml");
  }

  @Test
  void deletedSourceIsDetected() throws Exception {
    Files.delete(tree.resolve("redis").resolve(SOURCE));
    assertThat(changed("built")).isEqualTo("redis/src/main/java");
  }

  @Test
  void testsAndExcludedModulesAreIgnored() throws Exception {
    Files.setLastModifiedTime(tree.resolve("shared/src/test/java/SomeTest.java"), AFTER);
    Files.setLastModifiedTime(tree.resolve("bench").resolve(SOURCE), AFTER);
    assertThat(changed("built", "bench")).isEmpty();
  }

  @Test
  void missingBuildIsAChange() throws Exception {
    assertThat(changed("missing")).isEqualTo("no missing");
  }

  private static List<String> modules(String pom) {
    return Pattern.compile("<module>(.*)</module>")
        .matcher(pom)
        .results()
        .map((MatchResult module) -> module.group(1))
        .toList();
  }

  private String changed(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "build/changed").directory(tree.toFile());
    builder.command().addAll(List.of(arguments));
    builder.redirectErrorStream(true);
    return new String(builder.start().getInputStream().readAllBytes()).strip();
  }
}
