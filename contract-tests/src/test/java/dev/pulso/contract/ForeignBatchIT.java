package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import dev.pulso.fixture.Builders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A batch of another account is indistinguishable from a missing one. */
class ForeignBatchIT {
  private static final String TOO_LONG = "?reason=" + "x".repeat(501);

  @AutoClose private static final ContractDatabase database = ContractDatabase.guarded();
  @AutoClose private static final TokenApi api = new TokenApi(database.pulso());

  @ParameterizedTest
  @CsvSource({
    "GET, ''",
    "GET, /status",
    "GET, /summary",
    "POST, /cancel",
    "POST, /cancel?reason=basta",
    "POST, /pause",
    "POST, /resume"
  })
  void isAnsweredExactlyLikeMissingBatch(String method, String route) {
    String foreign = batchOf(Callers.PERU);
    String absent = ContractDatabase.name("absent");
    List<Document> before = everything();
    Reply toForeign = api.send("operator", method, "/batches/" + foreign + route);
    Reply toAbsent = api.send("operator", method, "/batches/" + absent + route);
    toForeign.problem(404, "BATCH_NOT_FOUND");
    assertThat(toForeign.json().getString("detail")).isEqualTo("Batch not found");
    assertThat(toForeign.body()).isEqualTo(toAbsent.body());
    assertThat(comparable(toForeign)).isEqualTo(comparable(toAbsent));
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void ownersTagsDoNotRevealIt() {
    String foreign = batchOf(Callers.PERU);
    for (String route : List.of("", "/status", "/summary")) {
      String tag = api.get("other", "/batches/" + foreign + route).ok().headers().get("ETag");
      for (String known : List.of(tag, "*")) {
        assertThat(api.get("other", "/batches/" + foreign + route, "If-None-Match", known).status())
            .isEqualTo(304);
        api.get("operator", "/batches/" + foreign + route, "If-None-Match", known)
            .problem(404, "BATCH_NOT_FOUND");
      }
    }
  }

  @Test
  void invalidReasonDoesNotRevealIt() {
    String foreign = batchOf(Callers.PERU);
    String own = batchOf(Callers.CHILE);
    List<Document> before = everything();
    for (String caller : List.of("operator", "reader", "other", "all", "scopeless")) {
      for (String batch : List.of(own, foreign, "absent")) {
        api.post(caller, "/batches/" + batch + "/cancel" + TOO_LONG).problem(400, "INVALID_REASON");
        api.post(caller, "/batches/" + batch + "/cancel?reason=a&reason=b")
            .problem(400, "REPEATED_PARAMETER");
      }
    }
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void hexBatchIdNeverResolvesToForeignObjectId() {
    ObjectId id = new ObjectId();
    String foreign = ContractDatabase.name("foreign");
    database.batch(Builders.batch(foreign).append("_id", id).append("account_id", Callers.PERU));
    String own = batchOf(Callers.CHILE, id.toHexString());

    assertThat(api.get("operator", "/batches/" + own + "/status").ok().json())
        .containsEntry("batch_id", own);
    assertThat(api.get("other", "/batches/" + own + "/status").ok().json())
        .containsEntry("batch_id", foreign);
    assertThat(api.get("all", "/batches/" + own + "/status").ok().json())
        .containsEntry("batch_id", foreign);

    api.post("operator", "/batches/" + own + "/cancel").ok();
    assertThat(database.stored(own).get("cancelled_at")).isNotNull();
    assertThat(database.stored(foreign).get("cancelled_at")).isNull();
  }

  @Test
  void movedBatchIsForeignAtOnce() {
    String batch = batchOf(Callers.CHILE);
    api.get("operator", "/batches/" + batch + "/status").ok();
    database.changeBatch(batch, Builders.set("account_id", Callers.PERU));
    api.get("operator", "/batches/" + batch + "/status").problem(404, "BATCH_NOT_FOUND");
    api.get("other", "/batches/" + batch + "/status").ok();
  }

  private static String batchOf(String account) {
    return batchOf(account, ContractDatabase.name("batch"));
  }

  private static String batchOf(String account, String batchId) {
    database.batch(Builders.batch(batchId).append("account_id", account));
    database.jobs(Builders.job(batchId, "pending"), Builders.job(batchId, "done"));
    return batchId;
  }

  /** Returns all documents of all collections. */
  private static List<Document> everything() {
    List<Document> all = new ArrayList<>();
    for (String name : database.db().database().listCollectionNames()) {
      MongoCollection<Document> collection = database.db().database().getCollection(name);
      collection.find().sort(new Document("_id", 1)).into(all);
    }
    return all;
  }

  private static Map<String, String> comparable(Reply reply) {
    Map<String, String> headers = new TreeMap<>(reply.headers());
    headers.keySet().removeAll(List.of("date", "Date", "apigw-requestid"));
    return headers;
  }
}
