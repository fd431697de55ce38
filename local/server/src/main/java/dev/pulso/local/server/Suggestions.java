package dev.pulso.local.server;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.type;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.mongo.Db;
import java.util.List;
import java.util.Optional;
import org.bson.BsonType;
import org.bson.Document;

/** Lines to try in a shell, with what the database really holds. */
final class Suggestions {
  private static final String NO_BATCH = "BATCH_ID";

  private Suggestions() {}

  static List<String> curlLines(Db db, int port) {
    Optional<Document> batch =
        Optional.ofNullable(
            db.batches()
                .find(and(eq("is_active", true), type("batch_id", BsonType.STRING)))
                .projection(Projections.include("batch_id", "account_id"))
                .sort(Sorts.descending("priority", "created_at"))
                .first());
    String api = "http://localhost:" + port + "/api/v1";
    String batches = api + "/batches/" + batch.map(b -> b.getString("batch_id")).orElse(NO_BATCH);
    String account = batch.map(b -> b.get("account_id")).map(a -> "?account_id=" + a).orElse("");
    return List.of(
        "curl " + batches + "/status",
        "curl " + batches + "/summary",
        "curl '" + api + "/dashboard/overview" + account + "'",
        "curl -X POST -G "
            + batches
            + "/cancel --data-urlencode 'reason=Cliente solicitó detención'");
  }
}
