package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Options of {@code ./run}, right and wrong, and its environment. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class RunOptionsIT {
  @TempDir private Path home;

  @Test
  void otherLocaleAndCollectorAreFine() throws Exception {
    Map<String, String> set =
        Map.of(
            "LC_ALL", "C",
            "RUN_JAVA_OPTIONS", "-XX:+UseParallelGC -Duser.language=fa -Duser.country=IR");
    try (RunProcess run = RunProcess.start(home, set, "--port", "0", "--no-demo")) {
      run.awaitReady();
      assertThat(run.output())
          .anyMatch(line -> line.contains("'reason=Cliente solicitó detención'"));
    }
  }

  @Test
  void takenPortGetsSuggestion() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        RunProcess run =
            RunProcess.start(
                home,
                Map.of(
                    "PORT",
                    Integer.toString(taken.getLocalPort()),
                    "RUN_JAVA_OPTIONS",
                    "-Duser.language=fa -Duser.country=IR"))) {
      assertThat(run.awaitEnd()).isEqualTo(1);
      assertThat(run.output())
          .last()
          .asString()
          .contains("Port " + taken.getLocalPort() + " is unavailable (Address already")
          .contains("./run --port ");
    }
  }

  @Test
  void wrongUsagePrintsUsage() throws Exception {
    for (List<String> wrong :
        List.of(List.of("--bogus"), List.of("--port"), List.of("--port", "x"))) {
      try (RunProcess run = RunProcess.start(home, Map.of(), wrong.toArray(String[]::new))) {
        assertThat(run.awaitEnd()).as(wrong.toString()).isEqualTo(2);
        assertThat(run.output()).anyMatch(line -> line.startsWith("usage: ./run"));
      }
    }
    try (RunProcess run = RunProcess.start(home, Map.of(), "--help")) {
      assertThat(run.awaitEnd()).isZero();
      assertThat(run.output().getFirst()).startsWith("usage: ./run");
    }
    try (RunProcess run =
        RunProcess.start(home, Map.of("MONGODB_URI", "mongodb://127.0.0.1:1/"), "--reset")) {
      assertThat(run.awaitEnd()).isEqualTo(2);
      assertThat(run.output()).anyMatch(line -> line.contains("MONGODB_URI"));
    }
  }
}
