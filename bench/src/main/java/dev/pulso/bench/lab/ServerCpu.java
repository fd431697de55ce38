package dev.pulso.bench.lab;

import com.mongodb.client.MongoClient;
import org.bson.Document;

/** Asks mongod what it has used so far. */
public final class ServerCpu {
  private final MongoClient client;

  public ServerCpu(MongoClient client) {
    this.client = client;
  }

  /**
   * What mongod has used.
   *
   * @param cpuSeconds time on processors, user and system, since it started
   * @param residentMb memory that it holds
   */
  public record Usage(double cpuSeconds, long residentMb) {}

  /** Its usage now. */
  public Usage now() {
    Document status =
        client.getDatabase("admin").runCommand(new Document("serverStatus", 1).append("mem", 1));
    Document extra = status.get("extra_info", Document.class);
    long micros = number(extra, "user_time_us") + number(extra, "system_time_us");
    return new Usage(micros / 1e6, number(status.get("mem", Document.class), "resident"));
  }

  private static long number(Document document, String field) {
    return document.get(field) instanceof Number number ? number.longValue() : 0;
  }
}
