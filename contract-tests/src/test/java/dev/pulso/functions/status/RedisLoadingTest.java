package dev.pulso.functions.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A cold start loads Redis classes only with a Redis. */
class RedisLoadingTest {
  private static final String LIMITED = "limited: ";

  @Test
  void redisClassesAreNotLoadedWithoutUrl() throws Exception {
    List<String> output = run(Map.of());
    assertThat(output).contains(LIMITED + "true");
    assertThat(output).anyMatch(line -> line.contains("dev.pulso.access.LocalRateLimiter "));
    assertThat(output)
        .noneMatch(line -> line.contains("redis.clients.") || line.contains("dev.pulso.redis."));
  }

  @Test
  void redisClassesAreLoadedWithUrl() throws Exception {
    List<String> output = run(Map.of("REDIS_URL", "redis://127.0.0.1:1"));
    assertThat(output).contains(LIMITED + "false");
    assertThat(output).anyMatch(line -> line.contains("redis.clients.jedis.Connection "));
    assertThat(output)
        .as("polls that pass because nobody can tell are counted")
        .anyMatch(line -> line.contains("\"limiter_failures\":1"));
    assertThat(output).noneMatch(line -> line.contains("dev.pulso.access.LocalRateLimiter "));
  }

  /**
   * Returns the output of a process that polls a batch until it is rejected, at most a few times.
   */
  private static List<String> run(Map<String, String> environment)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xlog:class+load",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ColdFunction.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("REDIS_URL");
    builder.environment().remove("STATUS_RATE_LIMIT");
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<String> output = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", output)).isZero();
    return output;
  }
}
