package dev.pulso.local.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestLogTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("log").resolve("requests.jsonl");
  }

  @Test
  void linesCanBeReadAtOnce() throws IOException {
    try (RequestLog log = new RequestLog(file)) {
      log.write("{\"ñ\":1}");
      assertThat(file).hasContent("{\"ñ\":1}\n");
      log.write("{}");
      assertThat(Files.readAllLines(file)).containsExactly("{\"ñ\":1}", "{}");
    }
  }

  @Test
  void eachStartBeginsAnew() {
    try (RequestLog log = new RequestLog(file)) {
      log.write("of the start before");
    }
    try (RequestLog log = new RequestLog(file)) {
      log.write("now");
      assertThat(file).hasContent("now\n");
    }
  }

  @Test
  void fullFileIsRotated() throws IOException {
    try (RequestLog log = new RequestLog(file, 12)) {
      for (int i = 1; i <= 5; i++) {
        log.write("line" + i);
      }
    }
    Path older = file.resolveSibling("older-requests.jsonl");
    assertThat(Files.readAllLines(older)).containsExactly("line3", "line4");
    assertThat(Files.readAllLines(file)).containsExactly("line5");
  }

  @Test
  void requestsAfterCloseAreNotLogged() {
    RequestLog log = new RequestLog(file);
    log.close();
    log.write("late");
    assertThat(file).isEmptyFile();
  }

  @Test
  void unwritableFolderFailsAtOnce() throws IOException {
    Files.writeString(folder.resolve("log"), "a file");
    assertThatThrownBy(() -> new RequestLog(file)).isInstanceOf(UncheckedIOException.class);
  }
}
