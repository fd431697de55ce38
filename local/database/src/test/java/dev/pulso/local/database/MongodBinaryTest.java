package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Runs alone: a script cannot run while a process forked by another test still has it open for
 * writing.
 */
@Isolated
class MongodBinaryTest {
  @TempDir private Path folder;

  @Test
  void firstMongodOnPathIsUsed() throws Exception {
    Path mongod = script("mongod", "echo 'db version v7.0.14'");
    Map<String, String> path = Map.of("PATH", "/nowhere:" + folder + ":/usr/bin");
    assertThat(MongodBinary.named(path))
        .isEqualTo(new MongodBinary(mongod, "mongod on the PATH (" + mongod + ")"));
  }

  @Test
  void variableTakesPathOrName() throws Exception {
    Path other = script("mongod-8", "echo 'db version v8.0.4'");
    assertThat(MongodBinary.named(Map.of("MONGOD", other.toString())).file()).isEqualTo(other);
    assertThat(MongodBinary.named(Map.of("MONGOD", "mongod-8", "PATH", folder.toString())).file())
        .isEqualTo(other);
  }

  @Test
  void missingMongodIsReported() {
    assertThatThrownBy(() -> MongodBinary.named(Map.of("PATH", folder.toString())))
        .hasMessage("there is no mongod on it");
  }

  @Test
  void missingLibraryIsNamed() throws IOException {
    Path mongod =
        script(
            "mongod",
            "echo \"$0: error while loading shared libraries: libcurl.so.4: cannot open shared"
                + " object file: No such file or directory\" >&2; exit 127");
    assertThatThrownBy(() -> MongodBinary.version(mongod))
        .hasMessageContaining("needs the library libcurl.so.4: install the system package");
  }

  @Test
  void oldVersionIsNotUsed() throws IOException {
    Path mongod = script("mongod", "echo 'db version v4.4.29'");
    assertThatThrownBy(() -> MongodBinary.version(mongod))
        .hasMessageContaining("is version 4.4.29; 6.0 or later is needed");
  }

  @Test
  void otherProgramsAreNotUsed() throws IOException {
    Path mongod = script("mongod", "echo Hello");
    assertThatThrownBy(() -> MongodBinary.version(mongod))
        .hasMessageContaining("does not name a version: Hello");
    Path broken = Files.writeString(folder.resolve("broken"), "\u007fELF");
    assertThatThrownBy(() -> MongodBinary.version(broken)).hasMessageContaining("cannot be run");
  }

  private Path script(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + content + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
