package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./run}, with others in the place of what it calls. */
class RunScriptTest {
  private static final String CLASSPATH = "local/server/target/classpath";

  @TempDir private Path tree;

  @BeforeEach
  void buildTree() throws Exception {
    for (String file : List.of("run", "build/changed", "build/locked")) {
      Scripts.write(tree.resolve(file), Files.readString(Project.root().resolve(file)));
    }
    Files.writeString(tree.resolve("pom.xml"), "<module>shared</module>");
    Files.createDirectories(tree.resolve("shared/src"));
    script("build/jdk", "pwd");
    script("build/mvn", "echo jar >" + CLASSPATH);
    script("build/page");
    script("bin/java", "echo started");
  }

  @Test
  void unchangedSourceIsBuiltOnce() throws Exception {
    assertThat(run()).contains("Building", "started");
    assertThat(run()).contains("started").doesNotContain("Building");
  }

  @Test
  void editDuringBuildIsBuiltNext() throws Exception {
    script(
        "build/mvn",
        "touch -t 209801010000 shared/src/Some.java",
        "echo jar >" + CLASSPATH,
        "touch -t 209901010000 " + CLASSPATH);
    assertThat(run()).contains("Building", "started");
    assertThat(run()).contains("Building", "started");
  }

  @Test
  void ctrlCDuringBuildStartsNothing() throws Exception {
    for (String step : List.of("build/mvn", "build/page")) {
      script(step, "trap '' INT; kill -INT 0; exit 1");
      assertThat(run()).doesNotContain("started", "failed");
      script(step, "echo jar >" + CLASSPATH);
    }
    assertThat(run()).contains("started");
  }

  private void script(String file, String... lines) throws Exception {
    Scripts.write(tree.resolve(file), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
  }

  /** Runs it as a terminal would, in a group of its own, and returns its output. */
  private String run() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("perl", "-e", "$SIG{INT} = 'DEFAULT'; setpgrp; exec @ARGV", "./run");
    builder.directory(tree.toFile()).redirectErrorStream(true);
    return new String(builder.start().getInputStream().readAllBytes());
  }
}
