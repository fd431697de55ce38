package dev.pulso.contract;

import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.PollLines;
import dev.pulso.observe.Tracer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What polls cost in log lines, and that no line misses one. */
class PollLinesIT {
  private static final int POLLS = 1_502;
  private static final int POLLS_OF_LINE = 100;

  /** The rest of 60 bytes is the gateway's line about the same poll. */
  private static final int MOST_BYTES_OF_POLL = 20;

  private static ContractDatabase database;

  @TempDir private Path folder;

  @BeforeAll
  static void openDatabase() {
    database = ContractDatabase.open();
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  @Test
  void pollCostsFewBytesAndEachIsCounted() {
    List<String> lines = new ArrayList<>();
    PollLines polls =
        new PollLines(new MetricLines("pulso-prod", "20260301120000", lines::add), POLLS_OF_LINE);
    try (Pulso pulso =
        Pulso.open(database.options(Map.of()).withObserver(new Observer(polls, Tracer.OFF)))) {
      BatchStatusHandler status = new BatchStatusHandler(pulso);
      List<Call> calls = calls();
      for (int i = 0; i < POLLS; i++) {
        assertThat(status.handleRequest(calls.get(i % calls.size()).event(), null).getStatusCode())
            .isIn(200, 304);
      }
      polls.flush();
    }
    assertThat(requests(lines)).isEqualTo(POLLS);
    for (String metric : List.of("latency_ms", "database_ms", "staleness_ms")) {
      assertThat(values(lines, metric)).as(metric).isEqualTo(POLLS);
    }
    // Without the first poll, which has its own line, and what a slow machine writes after 10 s.
    List<String> full =
        lines.stream().filter(line -> requests(List.of(line)) == POLLS_OF_LINE).toList();
    assertThat(full).hasSizeGreaterThanOrEqualTo(POLLS / POLLS_OF_LINE - 1);
    int bytes = full.stream().mapToInt(line -> line.getBytes(StandardCharsets.UTF_8).length).sum();
    assertThat(bytes / (full.size() * POLLS_OF_LINE))
        .as("bytes a poll in %s lines", lines.size())
        .isLessThanOrEqualTo(MOST_BYTES_OF_POLL);
  }

  /** Batches whose counters have all ages that polls see, half of them known to the client. */
  private static List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    Date now = Date.from(database.db().now());
    for (int i = 0; i < 40; i++) {
      String batch = database.batch();
      database.jobs(jobs(3, batch, "pending"));
      database.settle(batch);
      Date taken = new Date(now.getTime() - 100L * i);
      database.changeBatch(batch, set("pulso.figures.taken_at", taken));
      Call call = Call.to("GET", Api.STATUS).of(batch);
      calls.add(i % 2 == 0 ? call : call.having("if-none-match", "*"));
    }
    return calls;
  }

  @Test
  void endOfProcessLosesNoPoll() {
    String batch = database.batch();
    // On a busy machine, the last poll may come 10 s after the last line: then none waits.
    Eventually.isTrue(Duration.ofSeconds(120), () -> isLineEndedByProcess(batch));
  }

  /** Returns whether polls waited for their line when a process ended; none may be lost. */
  private boolean isLineEndedByProcess(String batch) throws IOException, InterruptedException {
    Path files = Files.createTempDirectory(folder, "process");
    Path ready = files.resolve("ready");
    Path printed = files.resolve("printed");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            PollingProcess.class.getName(),
            batch,
            "12",
            ready.toString());
    builder.environment().putAll(database.environment());
    Process process = builder.redirectErrorStream(true).redirectOutput(printed.toFile()).start();
    try {
      Eventually.isTrue(Duration.ofSeconds(60), () -> Files.exists(ready) || !process.isAlive());
      int before = requests(Files.readAllLines(printed));
      assertThat(before).as("the first has its own line").isPositive();
      process.toHandle().destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      int all = Integer.parseInt(Files.readString(ready));
      assertThat(requests(Files.readAllLines(printed))).isEqualTo(all);
      return before < all;
    } finally {
      process.destroyForcibly();
    }
  }

  private static int requests(List<String> lines) {
    return lines.stream()
        .map(EmbeddedMetrics::read)
        .filter(line -> line.has("requests"))
        .peek(EmbeddedMetrics::units)
        .mapToInt(line -> line.get("requests").intValue())
        .sum();
  }

  /** Returns how many values of a metric the lines contain. */
  private static int values(List<String> lines, String metric) {
    int found = 0;
    for (String line : lines) {
      JsonNode value = EmbeddedMetrics.read(line).path(metric);
      if (value.isNumber()) {
        found++;
      }
      for (JsonNode count : value.path("Counts")) {
        found += count.intValue();
      }
    }
    return found;
  }
}
