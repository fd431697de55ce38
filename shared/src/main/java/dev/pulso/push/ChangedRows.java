package dev.pulso.push;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.client.model.Projections;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchState;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.counting.CounterSnapshot;
import dev.pulso.counting.JobGroup;
import dev.pulso.list.BatchRow;
import dev.pulso.mongo.Db;
import dev.pulso.text.Hash;
import dev.pulso.text.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Gatherers;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The rows of batches that changed since this process began, the latest change last. Used by one
 * thread.
 */
final class ChangedRows {
  /** What is written at some moment may be seen a few seconds later. */
  private static final Duration SEEN_LATE = Duration.ofSeconds(5);

  /** No lease on a group is longer. One that outlives it is most often overtaken by another. */
  private static final Duration LONGEST_RECOUNT = Duration.ofMinutes(1);

  private static final int AT_ONCE = 1_000;
  private static final int MOST = 10_000;

  private final Db db;
  private final Batches batches;
  private final Map<Object, Row> rows = new LinkedHashMap<>();
  private Instant actedSince;
  private Instant countedSince;
  private long last;

  ChangedRows(Db db, Batches batches, Instant since) {
    this.db = db;
    this.batches = batches;
    this.actedSince = since;
    this.countedSince = since;
  }

  /**
   * A row as it was last read.
   *
   * @param number grows with each change of any row
   * @param isActedOn whether somebody cancelled, paused or resumed the batch just now
   */
  record Row(
      long number,
      Optional<String> account,
      boolean isActedOn,
      BatchState state,
      String json,
      long digest) {}

  /** Returns the number of the latest change; 0 without any. */
  long last() {
    return last;
  }

  /** Returns the rows that changed after that one. */
  List<Row> after(long number) {
    return number >= last
        ? List.of()
        : rows.values().stream().filter(row -> row.number > number).toList();
  }

  /** Reads the batches that Pulso cancelled, paused or resumed. */
  void readActedOn(Instant now) {
    Bson acted = gte(BatchFields.ACTED_AT, Date.from(actedSince.minus(SEEN_LATE)));
    note(batches.findSome(acted, MOST), true);
    actedSince = now;
  }

  /** Reads the batches that were recounted. */
  void readCounted(Instant now) {
    Instant since = countedSince.minus(SEEN_LATE);
    // The index is on the time of the counts.
    Bson isRecent = gte(CounterSnapshot.TAKEN_AT, Date.from(since.minus(LONGEST_RECOUNT)));
    Bson isNew = gte(CounterSnapshot.STORED_AT, Date.from(since));
    List<String> ids = new ArrayList<>();
    for (Document snapshot :
        db.counterSnapshots()
            .find(and(isRecent, isNew, JobGroup.isKey()))
            .projection(Projections.include("_id"))
            .limit(MOST)) {
      JobGroup.ofSnapshot(snapshot).batchId().ifPresent(ids::add);
    }
    ids.stream()
        .gather(Gatherers.windowFixed(AT_ONCE))
        .forEach(some -> note(batches.findSome(in(BatchFields.BATCH_ID, some), MOST), false));
    countedSince = now;
  }

  private void note(List<Batch> read, boolean isActedOn) {
    for (Batch batch : read) {
      Counted shown = Counted.of(batch);
      String json = JsonWriter.object(row -> BatchRow.write(row, shown));
      BatchState state = shown.state();
      long digest = Hash.of(json);
      Row before = rows.get(batch.id());
      if (before == null || before.digest != digest) {
        // Behind all others, so that the map stays in the order of changes.
        rows.remove(batch.id());
        boolean isNewState = isActedOn && (before == null || before.state != state);
        rows.put(batch.id(), new Row(++last, batch.accountId(), isNewState, state, json, digest));
      }
    }
  }
}
