package dev.pulso.bench.workers;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.process.Api;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bson.Document;

/** Checks every job after a race. */
final class Finish {
  private final MongoDatabase database;
  private final Map<String, Long> markerSeenAt;
  private final List<String> breaches = new ArrayList<>();
  private final Map<String, Long> byStatus = new TreeMap<>();
  private final Map<String, Map<String, Long>> byBatch = new HashMap<>();
  private long attempts;
  private long lateClaims;

  /**
   * @param markerSeenAt when the marker of each cancelled batch was seen, in ms since the epoch
   */
  Finish(MongoDatabase database, Map<String, Long> markerSeenAt) {
    this.database = database;
    this.markerSeenAt = markerSeenAt;
  }

  /**
   * Looks at every job.
   *
   * @param uploaded jobs that uploaders added
   * @param claims how often workers claimed a job
   */
  void look(Api api, long uploaded, long claims) {
    database.getCollection("jobs").find().forEach(this::job);
    long sum = byStatus.values().stream().mapToLong(Long::longValue).sum();
    check(sum == uploaded, uploaded + " jobs were uploaded, " + sum + " exist");
    check(attempts == claims, claims + " claims, but the jobs show " + attempts);
    byBatch.forEach((batch, counts) -> status(api, batch, counts));
    long audited = database.getCollection("audit_log").countDocuments();
    check(audited == markerSeenAt.size(), audited + " audit entries");
  }

  /** What did not hold. */
  List<String> breaches() {
    return breaches;
  }

  String summary() {
    return "%d claims landed behind a marker, all by workers that had looked before it; jobs: %s"
        .formatted(lateClaims, byStatus);
  }

  private void job(Document job) {
    String batch = job.getString("batch_id");
    String status = job.getString("status");
    byStatus.merge(status, 1L, Long::sum);
    byBatch.computeIfAbsent(batch, b -> new HashMap<>()).merge(status, 1L, Long::sum);
    attempts += job.getInteger("attempts");
    Long marker = markerSeenAt.get(batch);
    if (marker == null) {
      check(
          !"cancelled".equals(status),
          "a job is cancelled in " + batch + ", which is not cancelled");
      return;
    }
    check(!Set.of("pending", "scheduled").contains(status), "a job waits in " + batch);
    Date claimed = job.getDate("started_at");
    if (claimed != null && claimed.getTime() > marker) {
      lateClaims++;
      check(
          job.getLong(Worker.LOOKED_AT) <= marker,
          "a worker that looked at " + batch + " after its marker claimed a job");
    }
  }

  private void status(Api api, String batch, Map<String, Long> counts) {
    String answer = api.get("/api/v1/batches/" + batch + "/summary");
    String expected =
        "\"total_jobs\":%d,\"pending_jobs\":%d,\"completed_jobs\":%d,\"failed_jobs\":%d,\"suspended_jobs\":%d,"
            .formatted(
                counts.values().stream().mapToLong(Long::longValue).sum(),
                counts.getOrDefault("pending", 0L),
                counts.getOrDefault("done", 0L) + counts.getOrDefault("completed", 0L),
                counts.getOrDefault("failed", 0L),
                counts.getOrDefault("suspended", 0L));
    check(answer.contains(expected), batch + " has wrong counters: " + answer);
  }

  private void check(boolean holds, String otherwise) {
    if (!holds && !breaches.contains(otherwise)) {
      breaches.add(otherwise);
    }
  }
}
