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

/** The look at every job after a race. */
final class Finish {
  /**
   * What a race came to.
   *
   * @param uploaded jobs that uploaders added
   * @param byStatus jobs by status in the end
   * @param cancels batches that were cancelled
   * @param claims how often workers claimed a job
   * @param lateClaims claims that landed behind a fence, by workers that had looked before it
   * @param lateReturns jobs that waited in cancelled batches when the workers went home, and were
   *     gone two upkeep runs later
   * @param breaches what did not hold
   */
  record Standings(
      long uploaded,
      Map<String, Long> byStatus,
      int cancels,
      long claims,
      long lateClaims,
      long lateReturns,
      List<String> breaches) {}

  private final MongoDatabase database;
  private final Map<String, Long> markerSeenAt;
  private final long uploaded;
  private final long claims;
  private final long lateReturns;
  private final List<String> breaches = new ArrayList<>();
  private final Map<String, Long> byStatus = new TreeMap<>();
  private final Map<String, Map<String, Long>> byBatch = new HashMap<>();
  private long attempts;
  private long lateClaims;

  Finish(
      MongoDatabase database,
      Map<String, Long> markerSeenAt,
      long uploaded,
      long claims,
      long lateReturns) {
    this.database = database;
    this.markerSeenAt = markerSeenAt;
    this.uploaded = uploaded;
    this.claims = claims;
    this.lateReturns = lateReturns;
  }

  Standings look(Api api) {
    database.getCollection("jobs").find().forEach(this::job);
    long sum = byStatus.values().stream().mapToLong(Long::longValue).sum();
    check(sum == uploaded, "of " + uploaded + " jobs, " + sum + " are there");
    check(attempts == claims, claims + " claims, but the jobs tell of " + attempts);
    byBatch.forEach((batch, counts) -> status(api, batch, counts));
    long audited = database.getCollection("audit_log").countDocuments();
    check(audited == markerSeenAt.size(), audited + " audit entries");
    return new Standings(
        uploaded, byStatus, markerSeenAt.size(), claims, lateClaims, lateReturns, breaches);
  }

  private void job(Document job) {
    String batch = job.getString("batch_id");
    String status = job.getString("status");
    byStatus.merge(status, 1L, Long::sum);
    byBatch.computeIfAbsent(batch, b -> new HashMap<>()).merge(status, 1L, Long::sum);
    attempts += job.getInteger("attempts");
    Long fence = markerSeenAt.get(batch);
    if (fence == null) {
      check(!"cancelled".equals(status), "a job is cancelled in " + batch + ", which is not");
      return;
    }
    check(!Set.of("pending", "scheduled").contains(status), "a job waits in " + batch);
    Date claimed = job.getDate("started_at");
    if (claimed != null && claimed.getTime() > fence) {
      lateClaims++;
      check(
          job.getLong(Worker.LOOKED_AT) <= fence,
          "a worker that looked at " + batch + " behind its fence claimed a job");
    }
  }

  private void status(Api api, String batch, Map<String, Long> counts) {
    String answer = api.ask("GET", "/api/v1/batches/" + batch + "/summary").join().body();
    String expected =
        "\"total_jobs\":%d,\"pending_jobs\":%d,\"completed_jobs\":%d,\"failed_jobs\":%d,\"suspended_jobs\":%d,"
            .formatted(
                counts.values().stream().mapToLong(Long::longValue).sum(),
                counts.getOrDefault("pending", 0L),
                counts.getOrDefault("done", 0L) + counts.getOrDefault("completed", 0L),
                counts.getOrDefault("failed", 0L),
                counts.getOrDefault("suspended", 0L));
    check(answer.contains(expected), batch + " is counted otherwise: " + answer);
  }

  private void check(boolean holds, String otherwise) {
    if (!holds && !breaches.contains(otherwise)) {
      breaches.add(otherwise);
    }
  }
}
