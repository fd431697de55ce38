package dev.pulso.batch;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchHistory.Entry;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchHistoryIT {
  private static final Origin ANA =
      new Origin(Optional.of("ana"), Optional.of("203.0.113.7"), Optional.of("r"));

  private static final Caller READER = new Caller(Optional.of("leo"), Accounts.ALL, true, false);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  private Batch stored(Object id) {
    return new Batches(fixture.db()).find(Accounts.ALL, id).orElseThrow();
  }

  private List<Entry> history(Object id) {
    return history(id, Accounts.ALL);
  }

  private List<Entry> history(Object id, Accounts visible) {
    return new BatchHistory(fixture.db()).of(stored(id), visible);
  }

  private List<String> actions(Object id) {
    return history(id).stream().map(Entry::action).toList();
  }

  private void audited(Document... entries) {
    unhurried(fixture.db().auditLog()).insertMany(List.of(entries));
  }

  private static Document entry(Object batch, String action, int second) {
    Date at = Date.from(Instant.EPOCH.plusSeconds(second));
    Document id = new Document("action", action).append("batch", batch).append("at", at);
    return new Document("_id", id)
        .append("action", action)
        .append("account_id", "acc-chile-001")
        .append("at", at);
  }

  @Test
  void changesAreListedNewestFirst() {
    fixture.batches(batch("b").append("_id", 1));
    BatchAddress address = new BatchAddress("b");
    var services = fixture.pulso().services();
    services.pause().pause(Caller.ANONYMOUS, address, ANA);
    services.pause().resume(Caller.ANONYMOUS, address, Origin.NONE);
    Instant before = fixture.db().now();
    services
        .cancel()
        .cancel(
            Caller.ANONYMOUS,
            address,
            Optional.of("basta"),
            ANA,
            Deadline.in(Duration.ofSeconds(20)));
    assertThat(actions(1)).containsExactly("cancelled", "resumed", "paused");
    Entry cancelled = history(1).getFirst();
    assertThat(cancelled.at().orElseThrow()).isBetween(before, fixture.db().now());
    assertThat(cancelled)
        .isEqualTo(
            new Entry(
                "cancelled",
                cancelled.at(),
                Optional.of("ana"),
                Optional.of("basta"),
                Optional.empty()));
    assertThat(history(1).get(1).actor()).isEmpty();
    assertThat(history(1).get(1).reason()).isEmpty();
  }

  @Test
  void refusedAttemptsAreNoHistory() {
    fixture.batches(batch("b").append("_id", 1));
    AuditLog log = new AuditLog(fixture.db());
    assertThatThrownBy(() -> log.admit(READER, AuditAction.CANCEL_DENIED, stored(1), ANA))
        .isInstanceOf(ForbiddenException.class);
    audited(entry(1, "batch.cancel_denied", 1), entry(1, "other", 2));
    assertThat(history(1)).isEmpty();
  }

  @Test
  void entriesInOutboxCountOnce() {
    Document cancelled = entry(1, "batch.cancelled", 3).append("reason", "late");
    cancelled.get("_id", Document.class).remove("at");
    Document first = new Document(cancelled).append("reason", "first");
    List<Document> outbox =
        List.of(
            entry(1, "batch.paused", 1),
            entry(1, "batch.resumed", 2).append("operation_id", "op-7"),
            cancelled,
            entry(2, "batch.paused", 4));
    fixture.batches(batch("b").append("_id", 1).append("pulso", new Document("outbox", outbox)));
    audited(first, entry(1, "batch.paused", 1));
    assertThat(actions(1)).containsExactly("cancelled", "resumed", "paused");
    assertThat(history(1)).extracting(Entry::reason).first().isEqualTo(Optional.of("first"));
    assertThat(history(1).get(1).operationId()).contains("op-7");
  }

  @Test
  void otherBatchesWithTheSameBatchIdDoNotMix() {
    fixture.db().batches().dropIndexes();
    fixture.batches(batch("b").append("_id", 1), batch("b").append("_id", 2));
    audited(
        entry(1, "batch.paused", 1).append("batch_id", "b"),
        entry(2, "batch.resumed", 2).append("batch_id", "b"),
        entry("deleted", "batch.cancelled", 3).append("batch_id", "b"));
    assertThat(actions(1)).containsExactly("paused");
    assertThat(actions(2)).containsExactly("resumed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{a: 1}", "7", "'text'", "true", "{$date: 5}"})
  void idsOfEveryTypeAreFound(String json) {
    Object id = Document.parse("{v: " + json + "}").get("v");
    fixture.batches(batch("b").append("_id", id));
    audited(
        entry(id, "batch.paused", 1),
        entry(List.of(1), "batch.paused", 1),
        new Document("action", "batch.cancelled").append("account_id", "acc-peru-001"));
    assertThat(actions(id)).containsExactly("paused");
  }

  @Test
  void oldAndOddEntriesCostTheirOwnField() {
    fixture.batches(batch("b").append("_id", 1));
    audited(
        entry(1, "batch.paused", 2).append("actor", 5).append("reason", List.of("x")),
        entry(1, "batch.resumed", 1).append("at", "yesterday").append("operation_id", 3),
        entry(1, "batch.paused", 3).append("action", List.of("batch.paused")));
    Optional<String> none = Optional.empty();
    assertThat(history(1))
        .containsExactly(
            new Entry("paused", Optional.of(Instant.EPOCH.plusSeconds(2)), none, none, none),
            new Entry("resumed", Optional.empty(), none, none, none));
  }

  @Test
  void lastHundredChangesAreListed() {
    fixture.batches(batch("b").append("_id", 1));
    List<Document> entries =
        new ArrayList<>(
            IntStream.rangeClosed(1, 150).mapToObj(i -> entry(1, "batch.paused", i)).toList());
    Collections.shuffle(entries, new Random(3));
    unhurried(fixture.db().auditLog()).insertMany(entries);
    assertThat(history(1))
        .extracting(shown -> shown.at().orElseThrow().getEpochSecond())
        .isEqualTo(IntStream.iterate(150, i -> i - 1).limit(100).mapToObj(i -> (long) i).toList());
  }

  @Test
  void entriesOfAnotherAccountStayHidden() {
    List<Document> outbox = List.of(entry(1, "batch.resumed", 2).append("account_id", "before"));
    fixture.batches(batch("b").append("_id", 1).append("pulso", new Document("outbox", outbox)));
    audited(
        entry(1, "batch.paused", 1).append("account_id", "before"),
        entry(1, "batch.paused", 3),
        entry(1, "batch.paused", 4).append("account_id", null));
    assertThat(history(1, Accounts.of(Set.of("acc-chile-001"))))
        .extracting(shown -> shown.at().orElseThrow().getEpochSecond())
        .containsExactly(3L);
    assertThat(history(1)).hasSize(4);
  }
}
