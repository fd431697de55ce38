package dev.pulso.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PollLinesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final List<String> written = new CopyOnWriteArrayList<>();
  private final PollLines lines = new PollLines(new MetricLines("test", "r1", written::add), 100);

  @Test
  void firstPollHasLineAtOnce() {
    lines.accept(poll(NOON));
    assertThat(written).singleElement().asString().contains("\"event\":\"request\"");
  }

  @Test
  void laterPollsShareOneLine() {
    lines.accept(poll(NOON));
    for (int second = 1; second < 10; second++) {
      lines.accept(poll(NOON.plusSeconds(second)));
    }
    assertThat(written).hasSize(1);
    lines.accept(poll(NOON.plusSeconds(10)));
    assertThat(written)
        .hasSize(2)
        .last()
        .asString()
        .contains("\"event\":\"polls\"", "\"requests\":10,", "\"at\":\"2026-03-01T12:00:10");
  }

  @Test
  void pollsBeforePauseKeepTheirTime() {
    lines.accept(poll(NOON));
    lines.accept(poll(NOON.plusSeconds(1)));
    lines.accept(poll(NOON.plusSeconds(2)));
    lines.accept(poll(NOON.plusSeconds(3_600)));
    assertThat(written).hasSize(3);
    assertThat(written.get(1))
        .contains("\"requests\":2,", "\"at\":\"2026-03-01T12:00:02", "\"Timestamp\":1772366402000");
    assertThat(written.get(2)).contains("\"event\":\"request\"", "\"at\":\"2026-03-01T13:00:00");
  }

  @Test
  void hundredPollsAreLine() {
    accept(201);
    assertThat(written).hasSize(3);
    assertThat(requests()).isEqualTo(201);
  }

  @Test
  void clockSetBackHoldsNothingBack() {
    lines.accept(poll(NOON));
    lines.accept(poll(NOON.minusSeconds(3_600)));
    assertThat(written).hasSize(2);
  }

  @Test
  void eachPollCanHaveItsLine() {
    PollLines single = new PollLines(new MetricLines("test", "r1", written::add), 1);
    Stream.generate(() -> poll(NOON)).limit(5).forEach(single);
    assertThat(written).hasSize(5).allMatch(line -> line.contains("\"event\":\"request\""));
  }

  @Test
  void flushWritesWaitingPolls() {
    accept(5);
    lines.flush();
    lines.flush();
    assertThat(written).hasSize(2);
    assertThat(requests()).isEqualTo(5);
  }

  @Test
  void failureIsWrittenAfterPollsBeforeIt() {
    accept(5);
    lines.accept(measured(NOON, "batch-status", Outcome.ERROR, figures("3")));
    assertThat(written).hasSize(3);
    assertThat(written.get(1)).contains("\"requests\":4,");
    assertThat(written.get(2)).contains("\"outcome\":\"error\"");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK", "NOT_MODIFIED"})
  void unsuccessfulPollHasLineOfItsOwn(Outcome outcome) {
    accept(2);
    lines.accept(measured(NOON, "batch-status", outcome, figures("3")));
    assertThat(written).last().asString().contains("\"outcome\":\"" + outcome.label() + "\"");
  }

  @Test
  void slowColdAndOtherRequestsHaveLinesOfTheirOwn() {
    accept(2);
    lines.accept(measured(NOON, "batch-status", Outcome.OK, figures("1000")));
    lines.accept(
        measured(NOON, "batch-status", Outcome.OK, figures("3").count(Metric.COLD_STARTS, 1)));
    lines.accept(measured(NOON, "batch-list", Outcome.OK, figures("3")));
    assertThat(written).hasSize(4).allMatch(line -> line.contains("\"event\":\"request\""));
  }

  @Test
  void valuesAndCountsDescribeAllPolls() {
    Random random = new Random(7);
    List<Double> exact = new ArrayList<>();
    lines.accept(poll(NOON));
    for (int i = 0; i < 100; i++) {
      double latency = Math.exp(random.nextGaussian());
      exact.add(latency);
      lines.accept(measured(NOON, "batch-status", Outcome.OK, figures("%.3f".formatted(latency))));
    }
    List<Double> shown = distribution(written.getLast(), "latency_ms");
    assertThat(shown).hasSize(100);
    exact.sort(null);
    for (int i = 0; i < 100; i++) {
      assertThat(shown.get(i)).isEqualTo(exact.get(i), within(exact.get(i) * 0.051));
    }
  }

  @Test
  void largeTimesAreWholeNumbers() {
    accept(1);
    lines.accept(poll(NOON, Duration.ofMillis(123_456)));
    lines.accept(poll(NOON, Duration.ZERO));
    lines.flush();
    assertThat(written.getLast())
        .contains("\"staleness_ms\":{\"Values\":[0,120000],\"Counts\":[1,1]}");
  }

  @Test
  void threadsLoseNoPoll() {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        threads.execute(() -> accept(2_503));
      }
    }
    lines.flush();
    assertThat(requests()).isEqualTo(8 * 2_503);
    assertThat(written.stream().flatMap(line -> distribution(line, "latency_ms").stream()))
        .hasSize(8 * 2_503);
  }

  private void accept(int polls) {
    for (int i = 0; i < polls; i++) {
      lines.accept(poll(NOON));
    }
  }

  private static Measured poll(Instant at) {
    return measured(at, "batch-status", Outcome.OK, figures("2.345"));
  }

  private static Measured poll(Instant at, Duration staleness) {
    return measured(
        at, "batch-status", Outcome.OK, figures("2").time(Metric.STALENESS_MS, staleness));
  }

  private static Figures figures(String latencyMs) {
    long nanos = new BigDecimal(latencyMs).movePointRight(6).longValue();
    return new Figures().count(Metric.REQUESTS, 1).time(Metric.LATENCY_MS, Duration.ofNanos(nanos));
  }

  private static Measured measured(Instant at, String endpoint, Outcome outcome, Figures figures) {
    return new Measured(at, "request", endpoint, outcome, json -> {}, figures.values());
  }

  private long requests() {
    return written.stream()
        .mapToLong(line -> Long.parseLong(first(line, "\"requests\":(\\d+)")))
        .sum();
  }

  /** Returns the values of a metric, each as often as it occurred, in order. */
  private static List<Double> distribution(String line, String metric) {
    if (!line.contains("\"" + metric + "\":{")) {
      return List.of(Double.parseDouble(first(line, "\"" + metric + "\":([\\d.]+)")));
    }
    String object = first(line, "\"" + metric + "\":\\{(.*?)}");
    String[] values = first(object, "\"Values\":\\[(.*?)]").split(",");
    String[] counts = first(object, "\"Counts\":\\[(.*?)]").split(",");
    assertThat(values).hasSameSizeAs(counts).hasSizeLessThanOrEqualTo(100);
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      for (int n = Integer.parseInt(counts[i]); n > 0; n--) {
        all.add(Double.parseDouble(values[i]));
      }
    }
    return all;
  }

  private static String first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }
}
