package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of batches, as the contract shows it. */
class ListContractIT {
  private static final Pattern NEXT = Pattern.compile("<(\\?[^>]+)>; rel=\"next\"");

  @AutoClose private final ContractDatabase database = ContractDatabase.open();

  @Test
  void answerIsBareArrayOfRows() {
    assertThat(list("").ok().body()).isEqualTo("[]");
    database.batch(
        batch("b")
            .append("_id", new ObjectId("678790a00000000000000002"))
            .append("total_jobs", 4)
            .append("completed_jobs", 3)
            .append("pending_jobs", 1)
            .append("total_cost", 0.1 + 0.2));
    Reply reply = list("status=RUNNING&limit=100&skip=0").ok();
    assertThat(reply.headers()).doesNotContainKey("Link");
    assertThat(reply.body())
        .isEqualTo(
            """
            [{"_id":"678790a00000000000000002","batch_id":"b","account_id":"acc-chile-001",\
            "name":"Campaña b","description":null,"status":"active","is_active":true,\
            "is_cancelling":false,"priority":2,"total_jobs":4,"pending_jobs":1,\
            "scheduled_jobs":0,"in_progress_jobs":0,"completed_jobs":3,"failed_jobs":0,\
            "suspended_jobs":0,"cancelled_jobs":0,"total_cost":0.3,"total_minutes":0.0,\
            "estimated_cost":null,"progress_percentage":75.0,"finished_percentage":75.0,\
            "created_at":"2025-01-15T10:30:00.000000Z",\
            "started_at":"2025-01-15T10:30:00.000000Z","completed_at":null,\
            "cancelled_at":null,"cancellation_reason":null,"last_activity_at":null}]""");
  }

  @Test
  void countersFollowTheJobsWhilePolled() {
    String id = database.batch();
    database.jobs(jobs(3, id, "pending"));
    awaitRow("\"pending_jobs\":3");
    database.db().jobs().updateMany(new Document("batch_id", id), set("status", "done"));
    awaitRow("\"completed_jobs\":3");
  }

  /** A page waits for counters only so long as its caller would. */
  private void awaitRow(String counter) {
    Eventually.isTrue(Duration.ofSeconds(20), () -> list("").ok().body().contains(counter));
  }

  @Test
  void linkLeadsThroughAllPages() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      database.batch(batch("b" + i).append("name", "Ca " + i).append("created_at", new Date(i)));
      expected.addFirst("b" + i);
    }
    database.batch(batch("other").append("name", "Otra"));
    String base = "q=c%C3%81+&limit=5&x=%3C%3E&x=2&sort=-created_at";
    assertThat(walk(base)).isEqualTo(expected);
    assertThat(walk(base + "&skip=3")).isEqualTo(expected.subList(3, 12));
    assertThat(list(base + "&skip=3").headers().get("Link"))
        .startsWith("<?q=c%C3%81%20&limit=5&x=%3C%3E&x=2&sort=-created_at&cursor=");
  }

  @Test
  void linkIsShortAndRelative() {
    database.batch(batch("a"));
    database.batch(batch("b"));
    assertThat(list("limit=1").headers().get("Link"))
        .startsWith("<?limit=1&cursor=")
        .hasSizeLessThan(100);
  }

  @Test
  void knownPageIsNotSentAgain() {
    database.batch(batch("a"));
    database.batch(batch("b"));
    Reply reply = list("limit=1").ok();
    Call again = Call.to("GET", Api.LIST).with("limit=1");
    String tag = reply.headers().get("ETag");
    Reply known = database.api().send(again.having("If-None-Match", tag));
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.headers()).containsEntry("Link", reply.headers().get("Link"));
    database.db().batches().updateMany(new Document(), set("name", 1));
    assertThat(database.api().send(again.having("If-None-Match", tag)).status()).isEqualTo(200);
  }

  @Test
  void pageThatBecameTheLastIsSentAgain() {
    database.batch(batch("a").append("created_at", new Date(1)));
    database.batch(batch("b").append("created_at", new Date(2)));
    Reply reply = list("limit=1").ok();
    assertThat(reply.headers()).containsKey("Link");
    database.db().batches().deleteOne(new Document("batch_id", "a"));
    Call again = Call.to("GET", Api.LIST).with("limit=1");
    Reply last = database.api().send(again.having("If-None-Match", reply.headers().get("ETag")));
    assertThat(last.ok().body()).isEqualTo(reply.body());
    assertThat(last.headers()).doesNotContainKey("Link");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit must be a whole number from 1 to 200.",
    "skip=10001, skip must be a whole number from 0 to 10000.",
    "is_active=yes, is_active must be true or false.",
    "'status=active,open', 'status must list active, paused, completed or cancelled, separated by commas.'",
    "cursor=x, cursor must come from a Link of the same query."
  })
  void invalidValueNamesItsParameter(String query, String detail) {
    assertThat(list(query).problem(400, "INVALID_PARAMETER").json().getString("detail"))
        .isEqualTo(detail);
  }

  private List<String> walk(String query) {
    List<String> names = new ArrayList<>();
    String next = "?" + query;
    while (!next.isEmpty()) {
      Reply page = list(next.substring(1)).ok();
      Document rows = Document.parse("{rows: " + page.body() + "}");
      rows.getList("rows", Document.class).forEach(row -> names.add(row.getString("batch_id")));
      next = next(page).orElse("");
    }
    return names;
  }

  private static Optional<String> next(Reply reply) {
    return Optional.ofNullable(reply.headers().get("Link"))
        .map(NEXT::matcher)
        .filter(Matcher::matches)
        .map(link -> link.group(1));
  }

  private Reply list(String query) {
    return database.api().listWithQuery(query);
  }
}
