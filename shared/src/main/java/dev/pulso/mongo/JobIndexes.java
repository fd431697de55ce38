package dev.pulso.mongo;

import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.ExplainVerbosity;
import com.mongodb.MongoException;
import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The three indexes of jobs that counting needs. Every write of a job pays for each of them. */
public final class JobIndexes {
  /** For counts by status and account, and sums of cost and length, without reading documents. */
  public static final Document COUNTERS =
      new Document("batch_id", 1)
          .append("status", 1)
          .append("account_id", 1)
          .append("call_result.call_cost.combined_cost", 1)
          .append("call_result.summary.call_cost.combined_cost", 1)
          .append("call_result.duration_ms", 1)
          .append("call_result.summary.duration_ms", 1)
          .append("call_duration_seconds", 1);

  /** For the latest change of each group. */
  public static final Document CHANGES = new Document("batch_id", 1).append("updated_at", 1);

  /** For the latest upload of each group, and the number of jobs created today. */
  public static final Document UPLOADS =
      new Document("batch_id", 1).append("created_at", 1).append("account_id", 1);

  private static final String BATCH_ID = "batch_id";

  /** A filter: jobs with a batch_id. */
  public static final Bson OF_BATCHES = Filters.gte(BATCH_ID, "");

  private final Map<Document, String> names = new ConcurrentHashMap<>();
  private final Db db;

  public JobIndexes(Db db) {
    this.db = db;
  }

  /**
   * Returns the rows of several pipelines over jobs, by one command over the index {@link
   * #COUNTERS}. While it is missing, the server chooses a plan and reads documents.
   */
  public AggregateIterable<Document> counters(
      ClientSession session, List<List<Bson>> parts, Duration timeout) {
    MongoCollection<Document> jobs = db.jobs(timeout);
    String name = jobs.getNamespace().getCollectionName();
    List<Bson> pipeline = new ArrayList<>(parts.getFirst());
    parts.stream().skip(1).forEach(part -> pipeline.add(Aggregates.unionWith(name, part)));
    AggregateIterable<Document> rows = jobs.aggregate(session, pipeline);
    countersHint().ifPresent(rows::hintString);
    return rows;
  }

  /** Returns the name of the index {@link #COUNTERS}; empty while it is missing. */
  public Optional<String> countersHint() {
    return name(COUNTERS);
  }

  /** Returns the name of the index {@link #UPLOADS}; empty while it is missing. */
  public Optional<String> uploadsHint() {
    return name(UPLOADS);
  }

  /** Returns whether indexes contain the last-modified times of all groups. */
  public boolean areTimesIndexed() {
    return name(CHANGES).isPresent() && name(UPLOADS).isPresent();
  }

  private Optional<String> name(Document index) {
    Optional<String> name =
        Optional.ofNullable(names.get(index)).or(() -> Indexes.usable(db.jobs(), index));
    name.ifPresent(usable -> names.put(index, usable));
    return name;
  }

  /**
   * Returns stages that find the latest time of each group of jobs with a batch_id, or what sorts
   * above all times. They jump from group to group (DISTINCT_SCAN). One job with an array as
   * batch_id makes an index multikey; the server would then read and sort all jobs, so each group
   * is sought by itself.
   *
   * @param index {@link #CHANGES} or {@link #UPLOADS}
   * @param name under which the rows have the time; their {@code _id} is the batch_id
   */
  public List<Bson> latest(Document index, String name, Deadline deadline) {
    String field = List.copyOf(index.keySet()).get(1);
    Bson order = Sorts.descending(BATCH_ID, field);
    if (using(() -> isMultikey(index, order, deadline))) {
      return soughtOneByOne(field, name, deadline);
    }
    return List.of(
        Aggregates.match(OF_BATCHES),
        Aggregates.sort(order),
        Aggregates.group("$" + BATCH_ID, Accumulators.first(name, "$" + field)));
  }

  /** Only an index that is multikey does not give this order. */
  private boolean isMultikey(Document index, Bson order, Deadline deadline) {
    // By name: an index that holds too little may have the same keys.
    return areTimesIndexed()
        && name(index)
            .map(db.jobs(deadline.remaining()).find(OF_BATCHES).sort(order)::hintString)
            .map(jobs -> jobs.explain(ExplainVerbosity.QUERY_PLANNER).toJson())
            .filter(plan -> plan.contains("\"SORT\""))
            .isPresent();
  }

  private List<Bson> soughtOneByOne(String field, String name, Deadline deadline) {
    List<String> batchIds = new ArrayList<>();
    // With any filter the server would read all jobs.
    for (BsonValue batchId : db.jobs(deadline.remaining()).distinct(BATCH_ID, BsonValue.class)) {
      if (batchId instanceof BsonString text) {
        batchIds.add(text.getValue());
      }
    }
    Document latest =
        new Document("from", db.jobs().getNamespace().getCollectionName())
            .append("localField", "_id")
            .append("foreignField", BATCH_ID)
            .append(
                "pipeline",
                List.of(
                    Aggregates.sort(Sorts.descending(field)),
                    Aggregates.limit(1),
                    Aggregates.project(new Document("_id", 0).append(field, 1))))
            .append("as", name);
    Document time = op("$ifNull", new Document("$first", "$" + name + "." + field), null);
    return List.of(
        Aggregates.match(OF_BATCHES),
        Aggregates.limit(1),
        Aggregates.project(new Document("_id", literal(batchIds))),
        Aggregates.unwind("$_id"),
        new Document("$lookup", latest),
        Aggregates.project(new Document(name, time)));
  }

  /**
   * Does work that uses these names. Does it again if another program has replaced an index by one
   * with another name.
   */
  public <T> T using(Supplier<T> work) {
    try {
      return work.get();
    } catch (MongoException e) {
      names.clear();
      if (!ServerErrors.isBadHint(e)) {
        throw e;
      }
      return work.get();
    }
  }
}
