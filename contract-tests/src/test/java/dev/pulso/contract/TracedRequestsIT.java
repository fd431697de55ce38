package dev.pulso.contract;

import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.observe.Tracer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The traces of sampled requests, if tracing is on. */
class TracedRequestsIT {
  private static final String HEADER = "com.amazonaws.xray.traceHeader";
  private static final String ROOT = "1-5759e988-bd862e3fe1be46a994272793";
  private static final int PATIENCE_MS = 10_000;

  /**
   * Sets the trace header, as the Java runtime does for each invocation. Only this test has tracing
   * on.
   */
  @BeforeAll
  static void sample() {
    System.setProperty(HEADER, "Root=" + ROOT + ";Parent=53995c3f42cd8ad8;Sampled=1");
  }

  @AfterAll
  static void sampleNoMore() {
    System.clearProperty(HEADER);
  }

  @Test
  void commandsAreTracedWithoutValues() throws IOException {
    try (ContractDatabase database = ContractDatabase.open();
        DatagramSocket daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      daemon.setSoTimeout(PATIENCE_MS);
      Pulso.Options options =
          database.options(
              Map.of(
                  "TRACING",
                  "on",
                  "AWS_XRAY_DAEMON_ADDRESS",
                  "127.0.0.1:" + daemon.getLocalPort()));
      Settings settings = options.settings();
      try (ObservedApi api =
          new ObservedApi(options, Tracer.of(settings.tracing(), settings.database()))) {
        String batch = database.batch();
        database.jobs(jobs(2, batch, "pending"));
        assertThat(api.cancel(batch, Map.of())).isEqualTo(200);
        List<JsonNode> documents = upTo(daemon, "batch-cancel");
        JsonNode request = documents.removeLast();
        assertThat(documents).hasSize(api.line().get("database_calls").intValue());
        assertThat(documents)
            .allSatisfy(
                command -> {
                  assertThat(command.get("parent_id")).isEqualTo(request.get("id"));
                  assertThat(command.get("name").textValue()).isEqualTo(settings.database());
                  assertThat(command.toString()).doesNotContain(batch).doesNotContain("Ana pidi");
                });
        assertThat(documents)
            .extracting(command -> command.get("annotations").toString())
            .contains(
                "{\"command\":\"find\",\"collection\":\"batches\"}",
                "{\"command\":\"update\",\"collection\":\"jobs\"}",
                "{\"command\":\"insert\",\"collection\":\"audit_log\"}",
                "{\"command\":\"findAndModify\",\"collection\":\"batches\"}");

        assertThat(api.status("unknown-address")).isEqualTo(404);
        JsonNode missed = upTo(daemon, "batch-status").getLast();
        assertThat(missed.get("error").booleanValue()).isTrue();
        assertThat(missed.get("fault").booleanValue()).isFalse();
      }
    }
  }

  private static List<JsonNode> upTo(DatagramSocket daemon, String endpoint) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    do {
      DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
      daemon.receive(packet);
      String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
      documents.add(EmbeddedMetrics.read(text.substring(text.indexOf('\n') + 1)));
    } while (!documents.getLast().get("name").textValue().equals(endpoint));
    return documents;
  }
}
