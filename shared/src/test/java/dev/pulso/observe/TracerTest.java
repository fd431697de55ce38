package dev.pulso.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoTimeoutException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracerTest {
  private static final String ROOT = "1-5759e988-bd862e3fe1be46a994272793";
  private static final String PARENT = "53995c3f42cd8ad8";
  private static final String SAMPLED =
      "Root=" + ROOT + ";Parent=" + PARENT + ";Sampled=1;Lineage=a87bd80c:1";

  private UdpDaemon daemon;

  @BeforeEach
  void listen() throws IOException {
    daemon = new UdpDaemon();
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void segmentsAreNested() throws IOException {
    Tracer tracer = tracer(daemon.address(), SAMPLED);
    Instant before = Instant.now();
    Trace trace = tracer.begin().orElseThrow();
    trace.commandBegins(7, Optional.of("batches"));
    trace.commandBegins(8, Optional.empty());
    trace.commandEnds(7, "find", Duration.ofMillis(3), Optional.empty());
    trace.commandEnds(
        8, "hello", Duration.ofMillis(1), Optional.of(new MongoTimeoutException("host db-1")));
    trace.end("batch-status", Outcome.OK);

    Document find = daemon.next();
    Document hello = daemon.next();
    Document request = daemon.next();
    assertThat(request).containsEntry("name", "batch-status").containsEntry("parent_id", PARENT);
    for (Document command : List.of(find, hello)) {
      assertThat(command)
          .containsEntry("name", "pulso_ñ_db")
          .containsEntry("namespace", "remote")
          .containsEntry("parent_id", request.getString("id"));
    }
    for (Document each : List.of(find, hello, request)) {
      assertThat(each).containsEntry("trace_id", ROOT).containsEntry("type", "subsegment");
      assertThat(each.getString("id")).matches("[0-9a-f]{16}");
      assertThat(time(each, "start_time")).isLessThanOrEqualTo(time(each, "end_time"));
      assertThat(time(each, "end_time")).isBetween(seconds(before), seconds(Instant.now()) + 1);
    }
    assertThat(time(find, "end_time") - time(find, "start_time")).isBetween(0.0029, 0.0031);
    assertThat(find.getBoolean("fault")).isFalse();
    assertThat(find.get("annotations"))
        .isEqualTo(new Document("command", "find").append("collection", "batches"));
    assertThat(hello.getBoolean("fault")).isTrue();
    assertThat(hello.get("annotations"))
        .isEqualTo(new Document("command", "hello").append("failure", "MongoTimeoutException"));
  }

  @ParameterizedTest
  @EnumSource(Outcome.class)
  void segmentIsFlaggedByOutcome(Outcome outcome) throws IOException {
    Tracer tracer = tracer(daemon.address(), SAMPLED);
    tracer.begin().orElseThrow().end("batch-status", outcome);
    Document request = daemon.next();
    assertThat(request.getBoolean("fault"))
        .isEqualTo(Set.of(Outcome.UNAVAILABLE, Outcome.ERROR).contains(outcome));
    assertThat(request.getBoolean("throttle")).isEqualTo(outcome == Outcome.RATE_LIMITED);
    assertThat(request.getBoolean("error"))
        .isEqualTo(
            Set.of(Outcome.CLIENT_ERROR, Outcome.DENIED, Outcome.NOT_FOUND, Outcome.RATE_LIMITED)
                .contains(outcome));
  }

  @Test
  void offTracesNothing() {
    assertThat(Tracer.of(Optional.empty(), "pulso", () -> Optional.of(SAMPLED)))
        .as("it has no daemon, so no socket")
        .isSameAs(Tracer.OFF);
    assertThat(Tracer.OFF.begin()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Root=" + ROOT + ";Parent=" + PARENT,
        "Root=" + ROOT + ";Parent=" + PARENT + ";Sampled=0",
        "Root=" + ROOT + ";Sampled=1",
        "Parent=" + PARENT + ";Sampled=1",
        "Root=1-\"},{;Parent=" + PARENT + ";Sampled=1",
        "Root=" + ROOT + ";Parent=x;Sampled=1"
      })
  void unsampledInvocationIsNotTraced(String header) {
    Tracer tracer = tracer(daemon.address(), header);
    assertThat(tracer.begin()).isEmpty();
  }

  @Test
  void missingHeaderTracesNothing() {
    Optional<InetSocketAddress> on = Optional.of(Tracer.address(daemon.address()));
    Tracer tracer = Tracer.of(on, "pulso", Optional::empty);
    assertThat(tracer.begin()).isEmpty();
  }

  @Test
  void addressMayContainBothProtocols() throws IOException {
    String both = "tcp:127.0.0.1:1 udp:" + daemon.address();
    Tracer tracer = tracer(both, SAMPLED);
    tracer.begin().orElseThrow().end("batch-cancel", Outcome.OK);
    assertThat(daemon.next()).containsEntry("name", "batch-cancel");
  }

  @Test
  void missingDaemonCostsOnlyTraces() {
    String address = daemon.address();
    daemon.close();
    Tracer tracer = tracer(address, SAMPLED);
    for (int i = 0; i < 3; i++) {
      tracer.begin().orElseThrow().end("batch-status", Outcome.OK);
    }
  }

  @Test
  void unknownHostCostsOnlyTraces() {
    Optional<InetSocketAddress> unknown =
        Optional.of(InetSocketAddress.createUnresolved("daemon.invalid", 2000));
    Tracer.of(unknown, "pulso", () -> Optional.of(SAMPLED))
        .begin()
        .orElseThrow()
        .end("batch-status", Outcome.OK);
  }

  private static Tracer tracer(String address, String header) {
    return Tracer.of(
        Optional.of(Tracer.address(address)), "pulso\"ñ$db", () -> Optional.of(header));
  }

  private static double time(Document document, String field) {
    return document.getDouble(field);
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1e3;
  }
}
