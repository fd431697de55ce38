package dev.pulso.bench.overview;

import org.bson.Document;

/**
 * The overview's counts of jobs.
 *
 * @param today created since midnight
 * @param pending {@code pending}
 * @param completed {@code completed} and {@code done}
 * @param failed {@code failed}
 */
record Figures(long today, long pending, long completed, long failed) {

  /** Those of an answer of Pulso's. */
  static Figures ofAnswer(String body) {
    Document jobs =
        Document.parse(body).get("detailed_stats", Document.class).get("jobs", Document.class);
    return new Figures(
        number(jobs, "today"),
        number(jobs, "pending"),
        number(jobs, "completed"),
        number(jobs, "failed"));
  }

  private static long number(Document jobs, String field) {
    return jobs.get(field, Number.class).longValue();
  }
}
