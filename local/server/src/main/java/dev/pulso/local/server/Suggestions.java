package dev.pulso.local.server;

import dev.pulso.local.server.demo.DemoData.BatchToWatch;
import java.util.List;
import java.util.Optional;

/** Lines to try in a shell, with what the database really holds. */
final class Suggestions {
  private static final String NO_BATCH = "BATCH_ID";

  private Suggestions() {}

  static List<String> curlLines(Optional<BatchToWatch> watch, int port) {
    String api = "http://localhost:" + port + "/api/v1";
    String batch = api + "/batches/" + watch.map(BatchToWatch::batchId).orElse(NO_BATCH);
    String account =
        watch.flatMap(BatchToWatch::accountId).map(id -> "?account_id=" + id).orElse("");
    return List.of(
        "curl " + batch + "/status",
        "curl " + batch + "/summary",
        "curl '" + api + "/dashboard/overview" + account + "'",
        "curl -X POST -G "
            + batch
            + "/cancel --data-urlencode 'reason=Cliente solicitó detención'");
  }
}
