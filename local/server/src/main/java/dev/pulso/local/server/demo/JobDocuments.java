package dev.pulso.local.server.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.bson.Document;

/** Makes job documents of about 1 KB in every status, as uploaders and workers write them. */
final class JobDocuments {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
  private static final int MAX_ATTEMPTS = 3;

  private final RandomGenerator random;
  private final Instant now;
  private int serial;

  JobDocuments(RandomGenerator random, Instant now) {
    this.random = random;
    this.now = now;
  }

  /**
   * Returns a job.
   *
   * @param batchId its batch; empty for a single call
   * @param from its upload time; an ended call ended between then and {@code until}
   * @param reason the cancellation reason, if it was cancelled
   */
  Document job(
      DemoAccount account,
      Optional<String> batchId,
      String status,
      Instant from,
      Instant until,
      Optional<String> reason) {
    Document job = uploaded(account, batchId, from);
    Instant ended = between(from.plusSeconds(120), until);
    job.putAll(
        switch (status) {
          case "done" -> called(ended, CallResult.connected(random), CallResult::done);
          case "completed" -> called(ended, CallResult.connected(random), CallResult::completed);
          case "failed" ->
              called(ended, CallResult.notConnected(random), CallResult::failed)
                  .append("attempts", MAX_ATTEMPTS);
          case "suspended" -> changed("suspended", ended);
          case "scheduled" -> changed("scheduled", from).append("next_try_at", tomorrow());
          case "cancelled" ->
              changed("cancelled", until)
                  .append("cancellation_reason", reason.orElse("Batch cancelled"));
          default -> random.nextInt(5) == 0 ? returned(ended) : new Document();
        });
    return job;
  }

  /** Returns the job in the format of an old writer, with fewer fields. */
  static Document oldShape(Document job) {
    List.of("mode", "contact", "updated_at", "deduplication_key").forEach(job::remove);
    if (job.containsKey("call_duration_seconds")) {
      job.append("call_result", null);
    }
    return job;
  }

  private Document uploaded(DemoAccount account, Optional<String> batchId, Instant at) {
    serial++;
    String dni = (5_000_000 + serial) + "-" + serial % 10;
    String phone = account.phonePrefix() + digits(serial, 4);
    String jobId =
        "job_%s_%s_%s"
            .formatted(
                account.id().substring(0, 8),
                STAMP.format(at),
                HexFormat.of().toHexDigits(random.nextInt()));
    Document job = new Document("job_id", jobId).append("account_id", account.id());
    batchId.ifPresent(id -> job.append("batch_id", id));
    return job.append("status", "pending")
        .append("mode", "single")
        .append("attempts", 0)
        .append("max_attempts", MAX_ATTEMPTS)
        .append("deduplication_key", account.id() + "::" + dni + "::" + batchId.orElse("single"))
        .append(
            "contact",
            new Document("name", name())
                .append("dni", dni)
                .append("phones", List.of(phone))
                .append("next_phone_index", 0))
        .append("to_number", phone)
        .append("payload", payload(at))
        .append("estimated_cost", 0.45)
        .append("created_at", Date.from(at))
        .append("updated_at", Date.from(at));
  }

  private String name() {
    return DemoContent.any("first_names", random)
        + " "
        + DemoContent.any("last_names", random)
        + " "
        + DemoContent.any("last_names", random);
  }

  /** Returns the last digits of a number, padded with zeros. */
  private static String digits(int number, int width) {
    String text = "00000000" + number;
    return text.substring(text.length() - width);
  }

  private Document payload(Instant at) {
    return new Document("debt_amount", (double) (10_000 + random.nextInt(2_000_000)))
        .append("due_date", DAY.format(at.plus(Duration.ofDays(random.nextInt(60)))))
        .append("company_name", DemoContent.any("companies", random))
        .append("reference_number", "REF-" + digits(serial, 8))
        .append(
            "additional_info",
            new Document("cantidad_cupones", 1 + random.nextInt(12))
                .append("fecha_maxima", DAY.format(at.plus(Duration.ofDays(70))))
                .append("origen", "excel"));
  }

  private Document called(
      Instant ended, CallResult result, BiFunction<CallResult, Instant, Document> outcome) {
    Document called =
        new Document("attempts", 1 + random.nextInt(MAX_ATTEMPTS))
            .append("updated_at", Date.from(ended))
            .append("started_at", Date.from(ended.minusMillis(result.durationMs())))
            .append("worker_id", "bot-" + (1 + random.nextInt(12)))
            .append("call_id", result.callId());
    called.putAll(outcome.apply(result, ended));
    return called;
  }

  private static Document changed(String status, Instant at) {
    return new Document("status", status).append("updated_at", Date.from(at));
  }

  /** Returns the fields of a job that waits for a retry. */
  private Document returned(Instant ended) {
    return changed("pending", ended)
        .append("attempts", 1)
        .append("next_try_at", Date.from(now.plusSeconds(random.nextInt(-3_600, 1_800))))
        .append("last_error", "not_connected");
  }

  private Instant between(Instant from, Instant until) {
    long span = Math.max(1, Duration.between(from, until).toMillis());
    return from.plusMillis((long) (random.nextDouble() * span)).truncatedTo(ChronoUnit.MILLIS);
  }

  private Date tomorrow() {
    Instant midnight = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    return Date.from(midnight.plus(13, ChronoUnit.HOURS).plusSeconds(random.nextInt(7_200)));
  }
}
