package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.server.TemplateEdge;
import dev.pulso.local.server.http.RunningEdge;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HEAD is answered like GET, without a body. */
class HeadRequestsIT {
  @AutoClose
  private static final ContractDatabase database =
      ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "30"));

  private static String batch;
  private static String operation;
  private static String webhook;

  @BeforeAll
  static void open() {
    batch = database.batch(Builders.batch(ContractDatabase.name("ñandú")));
    database.jobs(Builders.jobs(3, batch, "done"));
    // Counted now: a count between a GET and its HEAD would change the answer.
    assertThat(database.api().summary(batch).status()).isEqualTo(200);
    operation = database.operation();
    webhook = database.webhook();
  }

  @Test
  void functionAnswersHeadWithoutBody() {
    for (Call get : reads()) {
      isTheSameWithoutBody(get);
      isTheSameWithoutBody(get.with("%zz"));
      isTheSameWithoutBody(get.of("nowhere"));
      isTheSameWithoutBody(get.having("If-None-Match", "*"));
    }
  }

  private static void isTheSameWithoutBody(Call get) {
    // Seconds pass: an answer may have another age than the one before.
    List<Reply> around =
        Eventually.answer(
            Duration.ofSeconds(60),
            () -> Stream.of(get, get.as("HEAD"), get).map(database.api()::send).toList(),
            replies -> replies.getFirst().equals(replies.getLast()));
    Reply got = around.getFirst();
    Reply head = around.get(1);
    assertThat(head.status()).isEqualTo(got.status());
    assertThat(head.body()).isEmpty();
    Map<String, String> headers = new HashMap<>(got.headers());
    if (got.status() != 304) {
      int length = got.body().getBytes(StandardCharsets.UTF_8).length;
      headers.put("Content-Length", Integer.toString(length));
    }
    assertThat(head.headers()).containsAllEntriesOf(headers).hasSameSizeAs(headers);
  }

  @Test
  void headHasTheHeadersOfGet() throws IOException {
    try (RunningEdge edge = TemplateEdge.over(database.pulso(), Duration.ofSeconds(30))) {
      for (Call get : reads()) {
        String path =
            get.path()
                .replace("{batch_id}", batch.replace("ñ", "%C3%B1").replace("ú", "%C3%BA"))
                .replace("{operation_id}", operation)
                .replace("{webhook_id}", webhook);
        Answer got = edge.send(RunningEdge.request("GET", path));
        Answer head = edge.send(RunningEdge.request("HEAD", path));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (String name : List.of("content-length", "content-type", "etag", "vary")) {
          assertThat(head.header(name)).as(name).isEqualTo(got.header(name));
        }
        assertThat(got.header("content-length"))
            .contains("" + got.body().getBytes(StandardCharsets.UTF_8).length);
      }
    }
  }

  private static String idIn(String path) {
    if (path.startsWith(Api.WEBHOOK)) {
      return webhook;
    }
    return path.equals(Api.OPERATION) ? operation : batch;
  }

  private static List<Call> reads() {
    List<Call> reads =
        OpenApi.document().operations().stream()
            .filter(operation -> operation.method().equals("GET"))
            .map(Operation::path)
            .map(path -> Call.to("GET", path).of(idIn(path)))
            .toList();
    assertThat(reads).hasSizeGreaterThanOrEqualTo(3);
    return reads;
  }
}
