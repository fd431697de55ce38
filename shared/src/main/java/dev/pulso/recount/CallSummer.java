package dev.pulso.recount;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.BsonField;
import dev.pulso.batch.JobFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.recount.CallPlaces.Part;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Sums cost and length of a group's calls: plainly, and with care where that was not right. */
final class CallSummer {
  private final Db db;
  private final JobIndexes indexes;

  CallSummer(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /** The sums of these groups; one without calls is left out. */
  Map<JobGroup, Sums> sum(ClientSession session, Collection<JobGroup> groups, Duration timeout) {
    Deadline deadline = Deadline.in(timeout);
    Map<JobGroup, Sums> sums = new HashMap<>();
    Set<JobGroup> odd = new HashSet<>();
    for (Document row : rows(session, groups, PlainSums::of, timeout)) {
      Sums part = Sums.of(PlainSums.cents(row), PlainSums.ms(row));
      for (JobGroup group : JobGroup.of(row.get("_id"), groups)) {
        sums.merge(group, part, Sums::plus);
        if (!PlainSums.areRight(row)) {
          odd.add(group);
        }
      }
    }
    if (!odd.isEmpty()) {
      sums.keySet().removeAll(odd);
      for (Document row : rows(session, odd, CarefulSums::of, deadline.remaining())) {
        Sums part = Sums.of(CarefulSums.cents(row), CarefulSums.ms(row));
        JobGroup.of(row.get("_id"), odd).forEach(group -> sums.merge(group, part, Sums::plus));
      }
    }
    return sums;
  }

  private AggregateIterable<Document> rows(
      ClientSession session,
      Collection<JobGroup> groups,
      Function<Part, List<BsonField>> figures,
      Duration timeout) {
    String jobs = db.jobs().getNamespace().getCollectionName();
    // One group needs no id that says which, and that would cost the server for each key.
    String id = groups.size() == 1 ? null : "$" + JobFields.BATCH_ID;
    List<Bson> pipeline = new ArrayList<>();
    for (Part part : CallPlaces.parts(JobGroup.filter(groups))) {
      List<Bson> summing =
          List.of(Aggregates.match(part.filter()), Aggregates.group(id, figures.apply(part)));
      if (pipeline.isEmpty()) {
        pipeline.addAll(summing);
      } else {
        pipeline.add(Aggregates.unionWith(jobs, summing));
      }
    }
    AggregateIterable<Document> rows = db.jobs(timeout).aggregate(session, pipeline);
    indexes.figuresHint().ifPresent(rows::hintString);
    return rows;
  }
}
