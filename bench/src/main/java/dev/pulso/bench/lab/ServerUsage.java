package dev.pulso.bench.lab;

import com.mongodb.client.MongoClient;
import org.bson.Document;

/**
 * Resource usage of mongod, by its own report.
 *
 * @param cpuSeconds processor time, user and system, since it started
 * @param residentMb resident memory
 * @param operations their numbers since it started, by kind
 */
public record ServerUsage(double cpuSeconds, long residentMb, Document operations) {

  /** Reads the current usage. */
  public static ServerUsage of(MongoClient client) {
    Document status =
        client.getDatabase("admin").runCommand(new Document("serverStatus", 1).append("mem", 1));
    Document extra = status.get("extra_info", Document.class);
    long micros = number(extra, "user_time_us") + number(extra, "system_time_us");
    return new ServerUsage(
        micros / 1e6,
        number(status.get("mem", Document.class), "resident"),
        status.get("opcounters", Document.class));
  }

  private static long number(Document document, String field) {
    return document.get(field) instanceof Number number ? number.longValue() : 0;
  }
}
