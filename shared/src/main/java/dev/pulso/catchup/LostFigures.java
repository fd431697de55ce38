package dev.pulso.catchup;

import static com.mongodb.client.model.Filters.in;

import com.mongodb.client.model.Projections;
import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.TallyFields;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;

/** Finds batches that lack the figures of a recount, because a crash took these away. */
final class LostFigures {
  private final Db db;

  LostFigures(Db db) {
    this.db = db;
  }

  /** The groups of these tallies whose batch has figures of an earlier recount, or none. */
  Set<JobGroup> among(List<Document> tallies) {
    Map<String, Long> written = new HashMap<>();
    for (Document tally : tallies) {
      JobGroup.ofKey(tally.get("_id", Document.class))
          .batchId()
          .ifPresent(id -> written.put(id, Lenient.count(tally.get(TallyFields.WRITTEN))));
    }
    Set<JobGroup> lost = new HashSet<>();
    for (Document batch :
        db.batches()
            .find(in(BatchFields.BATCH_ID, written.keySet()))
            .projection(Projections.include(BatchFields.BATCH_ID, BatchFields.FIGURES_TOKEN))) {
      if (batch.get(BatchFields.BATCH_ID) instanceof String id && token(batch) < written.get(id)) {
        lost.add(JobGroup.of(id));
      }
    }
    return lost;
  }

  private static long token(Document batch) {
    Document pulso = Lenient.document(batch.get(BatchFields.PULSO));
    return Lenient.count(Lenient.document(pulso.get("figures")).get("token"));
  }
}
