package dev.pulso.overview;

import dev.pulso.batch.Rounding;
import dev.pulso.text.EntityTag;
import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** Writes the JSON of an overview. */
public final class OverviewPage {
  private OverviewPage() {}

  /** Returns the page of these figures. */
  public static Page of(Overview overview) {
    // The tag leaves the timestamp out: it changes with each refresh, the figures may not.
    String whatMatters = JsonWriter.object(json -> write(json, overview, Optional.empty()));
    return new Page(
        JsonWriter.object(json -> write(json, overview, Optional.of(overview.takenAt()))),
        EntityTag.ofWhatMatters(whatMatters),
        overview.isComplete(),
        overview.readAt());
  }

  private static void write(JsonWriter json, Overview overview, Optional<Instant> takenAt) {
    Overview.Jobs jobs = overview.jobs();
    Overview.Batches batches = overview.batches();
    BigDecimal successRate = Rounding.percentage(jobs.completed(), jobs.totalFinished());
    json.flag("success", true)
        .time("timestamp", takenAt)
        .object("account", overview.account(), AccountView::write)
        .object(
            "metrics",
            metrics ->
                metrics
                    .number("jobs_today", jobs.today())
                    .number("success_rate_percentage", successRate)
                    .number("active_batches", batches.active())
                    .number("pending_jobs", jobs.pending()))
        .object(
            "detailed_stats",
            stats ->
                stats
                    .object(
                        "jobs",
                        j ->
                            j.number("today", jobs.today())
                                .number("pending", jobs.pending())
                                .number("completed", jobs.completed())
                                .number("failed", jobs.failed())
                                .number("total_finished", jobs.totalFinished()))
                    .object(
                        "batches",
                        b ->
                            b.number("active_count", batches.active())
                                .number("total_jobs", batches.totalJobs())
                                .number("total_cost", batches.cost())
                                .number("total_minutes", batches.minutes())));
  }
}
