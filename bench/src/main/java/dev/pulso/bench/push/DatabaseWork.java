package dev.pulso.bench.push;

import com.mongodb.client.MongoClient;
import dev.pulso.bench.lab.ServerUsage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What mongod has done, by its own report.
 *
 * @param seconds over which time
 * @param cpuSeconds its processor time
 * @param operations by their kind
 */
record DatabaseWork(double seconds, double cpuSeconds, Map<String, Long> operations) {
  private static final List<String> KINDS =
      List.of("query", "insert", "update", "delete", "getmore", "command");

  static final DatabaseWork NONE = new DatabaseWork(0, 0, Map.of());

  /** Returns what it has done so far. */
  static DatabaseWork of(MongoClient client) {
    ServerUsage usage = ServerUsage.of(client);
    Map<String, Long> operations = new TreeMap<>();
    KINDS.forEach(
        kind -> operations.put(kind, usage.operations().get(kind, Number.class).longValue()));
    return new DatabaseWork(System.nanoTime() / 1e9, usage.cpuSeconds(), operations);
  }

  DatabaseWork since(DatabaseWork start) {
    Map<String, Long> done = new TreeMap<>();
    operations.forEach((kind, count) -> done.put(kind, count - start.operations.get(kind)));
    return new DatabaseWork(seconds - start.seconds, cpuSeconds - start.cpuSeconds, done);
  }

  DatabaseWork plus(DatabaseWork other) {
    Map<String, Long> both = new TreeMap<>(operations);
    other.operations.forEach((kind, count) -> both.merge(kind, count, Long::sum));
    return new DatabaseWork(seconds + other.seconds, cpuSeconds + other.cpuSeconds, both);
  }

  /** Returns the share of one core, in percent. */
  double corePercent() {
    return 100 * cpuSeconds / seconds;
  }

  long perSecond() {
    return Math.round(operations.values().stream().mapToLong(Long::longValue).sum() / seconds);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%.0f %% of a core", corePercent()));
    KINDS.forEach(
        kind ->
            text.append(
                String.format(Locale.ROOT, ", %.0f %s", operations.get(kind) / seconds, kind)));
    return text + " a second";
  }
}
