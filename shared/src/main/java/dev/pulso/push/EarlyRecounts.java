package dev.pulso.push;

import static com.mongodb.client.model.Filters.in;

import com.mongodb.client.model.Projections;
import dev.pulso.batch.BatchFields;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/**
 * Recounts batches as soon as somebody says that their jobs changed, if a client watches them. Such
 * a signal is a hint: without it the next recount is only later, and a wrong one costs one read.
 */
public final class EarlyRecounts {
  /** Signals of a busy batch come all the time; its counters are pushed each five seconds. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final int AT_ONCE = 100;

  private final Db db;
  private final Connections connections;
  private final Recounter recounter;

  public EarlyRecounts(Db db, Recounter recounter) {
    this.db = db;
    this.connections = new Connections(db);
    this.recounter = recounter;
  }

  /** Recounts those of these batches that are watched; returns how many. */
  public int recount(List<String> batchIds, Deadline deadline) {
    int recounted = 0;
    for (int from = 0; from < batchIds.size() && !deadline.passed(); from += AT_ONCE) {
      List<String> some = batchIds.subList(from, Math.min(batchIds.size(), from + AT_ONCE));
      List<JobGroup> watched = watched(some);
      if (!watched.isEmpty()) {
        recounted += recounter.recountAll(watched, INTERVAL, deadline).size();
      }
    }
    return recounted;
  }

  private List<JobGroup> watched(List<String> batchIds) {
    Map<Object, String> named = new HashMap<>();
    for (Document batch :
        db.batches()
            .find(in(BatchFields.BATCH_ID, batchIds))
            .projection(Projections.include(BatchFields.BATCH_ID))) {
      Lenient.text(batch.get(BatchFields.BATCH_ID))
          .ifPresent(name -> named.put(batch.get(BatchFields.ID), name));
    }
    List<JobGroup> watched = new ArrayList<>();
    connections.watchedAmong(named.keySet()).stream()
        .map(named::get)
        .distinct()
        .forEach(name -> watched.add(JobGroup.of(name)));
    return watched;
  }
}
