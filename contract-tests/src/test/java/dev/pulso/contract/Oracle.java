package dev.pulso.contract;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.bson.Document;
import org.bson.types.Decimal128;

/**
 * Counts by hand: plain Java over all documents, written from the contract, and independent of the
 * tested code.
 */
final class Oracle {
  private static final BigDecimal ABSURD = new BigDecimal("1e15");

  private final List<Document> jobs;
  private final List<Document> batches;

  Oracle(ContractDatabase database) {
    jobs = database.db().jobs().find().into(new java.util.ArrayList<>());
    batches = database.db().batches().find().into(new java.util.ArrayList<>());
  }

  /** The expected figures of a batch. */
  record Figures(
      long total,
      long pending,
      long completed,
      long failed,
      long suspended,
      BigDecimal cost,
      BigDecimal minutes,
      BigDecimal progress) {

    static Figures of(Reply reply, String progress) {
      return new Figures(
          reply.count("total_jobs"),
          reply.count("pending_jobs"),
          reply.count("completed_jobs"),
          reply.count("failed_jobs"),
          reply.count("suspended_jobs"),
          reply.decimal("total_cost"),
          reply.decimal("total_minutes"),
          reply.decimal(progress));
    }
  }

  Figures batch(Document batch) {
    List<Document> own = own(batch);
    if (own.isEmpty()) {
      long total = carried(batch.get("total_jobs"));
      long completed = carried(batch.get("completed_jobs"));
      return new Figures(
          total,
          carried(batch.get("pending_jobs")),
          completed,
          carried(batch.get("failed_jobs")),
          carried(batch.get("suspended_jobs")),
          rounded(cost(batch), 4),
          rounded(minutes(batch), 4),
          progress(completed, total));
    }
    long completed = count(own, "completed") + count(own, "done");
    return new Figures(
        own.size(),
        count(own, "pending"),
        completed,
        count(own, "failed"),
        count(own, "suspended"),
        rounded(cost(batch), 4),
        rounded(minutes(batch), 4),
        progress(completed, own.size()));
  }

  private List<Document> own(Document batch) {
    Object id = batch.get("batch_id");
    return jobs.stream().filter(job -> id instanceof String && belongs(job, id)).toList();
  }

  private BigDecimal cost(Document batch) {
    List<Document> own = own(batch);
    return own.isEmpty() ? carriedFigure(batch.get("total_cost")) : cents(own).movePointLeft(2);
  }

  private BigDecimal minutes(Document batch) {
    List<Document> own = own(batch);
    return own.isEmpty()
        ? carriedFigure(batch.get("total_minutes"))
        : ms(own).divide(BigDecimal.valueOf(60_000), 20, RoundingMode.HALF_UP);
  }

  /** Returns the expected figures of the dashboard, in the order of its answer. */
  List<Object> overview(Optional<String> account, Instant midnight) {
    return overview(
        document -> account.isEmpty() || account.get().equals(document.get("account_id")),
        midnight);
  }

  /** Returns the expected figures of these accounts. */
  List<Object> overview(Set<String> accounts, Instant midnight) {
    return overview(
        document ->
            document.get("account_id") instanceof String account && accounts.contains(account),
        midnight);
  }

  private List<Object> overview(Predicate<Document> counts, Instant midnight) {
    List<Document> mine = jobs.stream().filter(counts).toList();
    long completed = count(mine, "completed") + count(mine, "done");
    long failed = count(mine, "failed");
    List<Document> active =
        batches.stream()
            .filter(counts)
            .filter(b -> Boolean.TRUE.equals(b.get("is_active")))
            .toList();
    BigDecimal cost = BigDecimal.ZERO;
    BigDecimal minutes = BigDecimal.ZERO;
    long total = 0;
    for (Document batch : active) {
      total += batch(batch).total();
      cost = cost.add(cost(batch));
      minutes = minutes.add(minutes(batch));
    }
    return List.of(
        mine.stream().filter(job -> isSince(job.get("created_at"), midnight)).count(),
        count(mine, "pending"),
        completed,
        failed,
        completed + failed,
        percentage(completed, completed + failed),
        (long) active.size(),
        total,
        rounded(cost, 2),
        rounded(minutes, 2));
  }

  static List<Object> overview(Reply reply) {
    return List.of(
        reply.count("detailed_stats.jobs.today"),
        reply.count("detailed_stats.jobs.pending"),
        reply.count("detailed_stats.jobs.completed"),
        reply.count("detailed_stats.jobs.failed"),
        reply.count("detailed_stats.jobs.total_finished"),
        reply.decimal("metrics.success_rate_percentage"),
        reply.count("detailed_stats.batches.active_count"),
        reply.count("detailed_stats.batches.total_jobs"),
        reply.decimal("detailed_stats.batches.total_cost"),
        reply.decimal("detailed_stats.batches.total_minutes"));
  }

  /** Compares like the database: an array matches by each of its elements. */
  private static boolean belongs(Document job, Object batchId) {
    return matches(job.get("batch_id"), batchId);
  }

  private static boolean matches(Object own, Object wanted) {
    return wanted.equals(own) || (own instanceof List<?> list && list.contains(wanted));
  }

  private static long count(List<Document> jobs, String status) {
    return jobs.stream().filter(job -> matches(job.get("status"), status)).count();
  }

  private static BigDecimal cents(List<Document> jobs) {
    return jobs.stream()
        .map(
            job ->
                amount(at(job, "call_result", "call_cost", "combined_cost"))
                    .or(
                        () ->
                            amount(at(job, "call_result", "summary", "call_cost", "combined_cost")))
                    .orElse(BigDecimal.ZERO))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal ms(List<Document> jobs) {
    return jobs.stream()
        .map(
            job ->
                amount(at(job, "call_result", "duration_ms"))
                    .or(() -> amount(at(job, "call_result", "summary", "duration_ms")))
                    .or(
                        () ->
                            amount(job.get("call_duration_seconds")).map(s -> s.movePointRight(3)))
                    .orElse(BigDecimal.ZERO))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Object at(Object value, String... path) {
    Object found = value;
    for (String key : path) {
      found = found instanceof Document document ? document.get(key) : null;
    }
    return found;
  }

  /** Returns a number that can be money or time: finite and plausible. */
  private static Optional<BigDecimal> amount(Object value) {
    BigDecimal number = null;
    if (value instanceof Integer || value instanceof Long) {
      number = new BigDecimal(value.toString());
    } else if (value instanceof Double d && !d.isNaN() && !d.isInfinite()) {
      number = new BigDecimal(d.toString());
    } else if (value instanceof Decimal128 d && d.isFinite()) {
      number = new BigDecimal(d.toString());
    }
    return Optional.ofNullable(number).filter(n -> n.abs().compareTo(ABSURD) < 0);
  }

  private static long carried(Object value) {
    return Math.max(0, amount(value).map(BigDecimal::longValue).orElse(0L));
  }

  private static BigDecimal carriedFigure(Object value) {
    return amount(value).orElse(BigDecimal.ZERO).max(BigDecimal.ZERO);
  }

  private static boolean isSince(Object value, Instant midnight) {
    return value instanceof Date date && !date.toInstant().isBefore(midnight);
  }

  private static BigDecimal progress(long part, long whole) {
    BigDecimal percentage = percentage(part, whole);
    return part < whole ? percentage.min(new BigDecimal("99.99")) : percentage;
  }

  private static BigDecimal percentage(long part, long whole) {
    return whole == 0
        ? BigDecimal.ZERO
        : plain(
            BigDecimal.valueOf(part * 100)
                .divide(BigDecimal.valueOf(whole), 2, RoundingMode.HALF_UP));
  }

  private static BigDecimal rounded(BigDecimal value, int decimals) {
    return plain(value.setScale(decimals, RoundingMode.HALF_UP));
  }

  static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
