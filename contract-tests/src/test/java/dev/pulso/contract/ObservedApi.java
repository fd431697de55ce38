package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pulso.Pulso;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A process whose log lines are recorded. Its requests contain much that no line may contain. */
final class ObservedApi implements AutoCloseable {
  static final String SUBJECT = "ana.perez@example.com";
  static final String REASON = "Cliente Ana pidió no ser llamada";
  static final List<String> SECRETS =
      List.of(
          SUBJECT, "ana.perez", "Ana pidi", "203.0.113.7", "tok-en", "unknown-address", "note=");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Pulso pulso;
  private final Api api;

  ObservedApi(Pulso.Options options) {
    this(options, Tracer.OFF);
  }

  ObservedApi(Pulso.Options options, Tracer tracer) {
    pulso =
        Pulso.open(
            options.withObserver(new Observer(new MetricLines("test", "r1", lines::add), tracer)));
    api = new Api(pulso);
  }

  Pulso pulso() {
    return pulso;
  }

  int status(String address, Map<String, String> headers, Map<String, String> claims) {
    Call call = Call.to("GET", Api.STATUS).of(address).with("note=private").by(claims);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      call = call.having(header.getKey(), header.getValue());
    }
    return send(call);
  }

  int status(String address) {
    return status(address, Map.of(), Map.of());
  }

  int summary(String address) {
    return send(Call.to("GET", Api.SUMMARY).of(address));
  }

  int cancel(String address, Map<String, String> claims) {
    String query = "reason=" + REASON.replace(" ", "%20").replace("ó", "%C3%B3");
    return send(Call.to("POST", Api.CANCEL).of(address).with(query).by(claims));
  }

  int pause(String method, String address) {
    return send(Call.to(method, Api.PAUSE).of(address));
  }

  /** Cancels a batch by an operation, with a reason that no line may show. */
  int operate(String batch) {
    return send(
        Call.to("POST", Api.OPERATIONS)
            .sending(
                "{\"action\":\"cancel\",\"batch_ids\":[\"%s\"],\"expected\":1,\"reason\":\"%s\"}"
                    .formatted(batch, REASON)));
  }

  int overview(String query) {
    return send(Call.to("GET", Api.OVERVIEW).with(query));
  }

  int list(String query) {
    return send(Call.to("GET", Api.LIST).with(query));
  }

  int details(String address) {
    return send(Call.to("GET", Api.DETAILS).of(address));
  }

  int accounts() {
    return send(Call.to("GET", Api.ACCOUNTS));
  }

  private int send(Call call) {
    return api.send(call.having("authorization", "Bearer tok-en")).status();
  }

  /** Returns and clears the lines so far; checks that none contains a secret. */
  List<JsonNode> lines() {
    List<JsonNode> read = new ArrayList<>();
    for (String line : lines) {
      assertThat(line).doesNotContain(SECRETS);
      read.add(EmbeddedMetrics.read(line));
    }
    lines.clear();
    return read;
  }

  /** Returns the single line since the last call. */
  JsonNode line() {
    List<JsonNode> read = lines();
    assertThat(read).hasSize(1);
    return read.getFirst();
  }

  @Override
  public void close() {
    pulso.close();
  }
}
