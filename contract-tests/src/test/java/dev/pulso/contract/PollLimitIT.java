package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.Documented;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The limit on polls of one process. */
class PollLimitIT {
  @AutoClose
  private static final ContractDatabase database =
      ContractDatabase.open(Map.of("STATUS_RATE_LIMIT", "1/5s"));

  @Test
  void admittedPollsCarryLimitHeaders() {
    String batch = database.batch();
    Answer first = poll("ana", batch, "");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("RateLimit-Policy")).contains("\"default\";q=1;w=5");
    assertThat(first.header("RateLimit")).contains("\"default\";r=1;t=5");
    Answer unchanged = poll("ana", batch, first.header("ETag").orElseThrow());
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.header("RateLimit")).contains("\"default\";r=1;t=5");
  }

  @Test
  void tooFrequentPollsGetRetryAfter() {
    String batch = database.batch();
    Answer refused = pollUntilRefused("ana", batch).getLast();
    int seconds = Integer.parseInt(refused.header("Retry-After").orElseThrow());
    assertThat(seconds).isBetween(1, 5);
    assertThat(refused.header("RateLimit")).contains("\"default\";r=0;t=" + seconds);
    assertThat(poll("bob", batch, "").status()).isEqualTo(200);
    assertThat(poll("ana", database.batch(), "").status()).isEqualTo(200);
  }

  @Test
  void foreignAndMissingBatchesLookAlike() {
    String foreign =
        database.batch(
            Builders.batch(ContractDatabase.name("foreign")).append("account_id", "theirs"));
    List<Answer> ofForeign = pollUntilRefused("ana", foreign);
    List<Answer> ofMissing = pollUntilRefused("ana", new ObjectId().toHexString());
    assertThat(ofForeign.getFirst().status()).isEqualTo(404);
    assertThat(ofForeign.subList(0, ofForeign.size() - 1)).containsOnly(ofMissing.getFirst());
    assertThat(ofForeign.getLast().body()).isEqualTo(ofMissing.getLast().body());
  }

  @Test
  void anonymousCallersAreNotLimited() {
    String batch = database.batch();
    for (int i = 0; i < 20; i++) {
      assertThat(database.api().status(batch).ok().headers()).doesNotContainKey("RateLimit");
    }
  }

  private static List<Answer> pollUntilRefused(String subject, String address) {
    List<Answer> answers = new ArrayList<>();
    do {
      answers.add(poll(subject, address, ""));
      assertThat(answers).hasSizeLessThan(20);
    } while (answers.getLast().status() != 429);
    return answers;
  }

  private static Answer poll(String subject, String address, String tag) {
    Call call =
        Call.to("GET", Api.STATUS)
            .of(address)
            .having("if-none-match", tag)
            .by(Map.of("sub", subject, "scope", "pulso:read", "account_ids", "[acc-chile-001]"));
    Answer answer =
        Answer.of(new BatchStatusHandler(database.pulso()).handleRequest(call.event(), null));
    return Documented.check("GET", Api.STATUS, answer);
  }
}
