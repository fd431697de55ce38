package dev.pulso.plans;

import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The execution statistics of a command by {@code explain}: all stages of all parts, including
 * {@code $unionWith} and {@code $lookup}.
 */
final class Plan {
  /** Fields that the driver adds and {@code explain} refuses. */
  private static final List<String> ADDED =
      List.of(
          "lsid", "$db", "$clusterTime", "txnNumber", "readConcern", "writeConcern", "maxTimeMS");

  private final BsonDocument explained;
  private final List<BsonDocument> stages = new ArrayList<>();

  private Plan(BsonDocument explained) {
    this.explained = explained;
    collect(explained);
  }

  static Plan of(MongoDatabase database, BsonDocument sent) {
    BsonDocument command = new BsonDocument();
    sent.forEach(
        (name, value) -> {
          if (!ADDED.contains(name)) {
            command.append(name, value);
          }
        });
    return new Plan(
        database.runCommand(
            new BsonDocument("explain", command)
                .append("verbosity", new BsonString("executionStats")),
            BsonDocument.class));
  }

  /** Returns the names of all stages that ran. */
  Set<String> stages() {
    Set<String> names = new TreeSet<>();
    stages.forEach(stage -> names.add(stage.getString("stage").getValue().toUpperCase()));
    return names;
  }

  /** Returns the names of all indexes that were read. */
  Set<String> indexes() {
    Set<String> names = new TreeSet<>();
    for (BsonDocument stage : stages) {
      if (stage.containsKey("indexName")) {
        names.add(stage.getString("indexName").getValue());
      }
    }
    return names;
  }

  /** Returns the number of examined index keys. */
  long keys() {
    return sum("totalKeysExamined");
  }

  /** Returns the number of examined documents. */
  long documents() {
    return sum("totalDocsExamined");
  }

  private long sum(String field) {
    return sum(explained, field);
  }

  /** Adds up the outermost stages, which include their inner ones. */
  private static long sum(BsonValue value, String field) {
    if (value.isArray()) {
      return value.asArray().stream().mapToLong(v -> sum(v, field)).sum();
    }
    if (!value.isDocument()) {
      return 0;
    }
    BsonDocument document = value.asDocument();
    return document.isNumber(field)
        ? document.getNumber(field).longValue()
        : document.values().stream().mapToLong(v -> sum(v, field)).sum();
  }

  /** Collects stages that ran; rejected plans do not count. */
  private void collect(BsonValue value) {
    if (value.isArray()) {
      value.asArray().forEach(this::collect);
    } else if (value.isDocument()) {
      BsonDocument document = value.asDocument();
      if (document.isString("stage")) {
        stages.add(document);
      }
      document.forEach(
          (name, inner) -> {
            if (!name.equals("rejectedPlans") && !name.equals("allPlansExecution")) {
              collect(inner);
            }
          });
    }
  }

  /** For failure messages. */
  @Override
  public String toString() {
    return explained.toJson();
  }
}
