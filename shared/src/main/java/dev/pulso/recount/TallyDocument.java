package dev.pulso.recount;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.Decimal128;

/** A recount in the form in which {@code pulso_tallies} keeps it. */
final class TallyDocument {
  /** Longer than any day lasts anywhere. */
  private static final Duration DAYS_KEPT = Duration.ofHours(48);

  private TallyDocument() {}

  static Document counted(Lease lease, JobCounts counted, Instant midnight, Duration cost) {
    StatusCounts counts = counted.counts();
    return new Document(TallyFields.TAKEN_AT, Date.from(lease.takenAt()))
        .append(TallyFields.COUNT_COST_MS, cost.toMillis())
        .append(TallyFields.TOTAL, counts.total())
        .append(TallyFields.PENDING, counts.pending())
        .append(TallyFields.COMPLETED, counts.completed())
        .append(TallyFields.FAILED, counts.failed())
        .append(TallyFields.DAYS, days(lease, counted, midnight))
        .append(TallyFields.ACCOUNTS, literal(accounts(counted)));
  }

  /**
   * The jobs of this day, and what was counted for other zones' days: only an upload changes that,
   * and who asks for such a day sees by the time of the count whether there was one since.
   */
  private static Document days(Lease lease, JobCounts counted, Instant midnight) {
    List<Document> created =
        counted.accounts().stream()
            .filter(account -> account.today() > 0)
            .map(
                account ->
                    new Document(TallyFields.ACCOUNT, account.accountId().orElse(null))
                        .append(TallyFields.CREATED, account.today()))
            .toList();
    Document day =
        new Document(TallyFields.SINCE, Date.from(midnight))
            .append(TallyFields.AT, Date.from(lease.takenAt()))
            .append(TallyFields.ACCOUNTS, created);
    String since = "$$this." + TallyFields.SINCE;
    Document others =
        Tally.days(
            new Document(
                "$and",
                List.of(
                    new Document("$ne", List.of(since, Date.from(midnight))),
                    new Document(
                        "$gt", List.of(since, Date.from(lease.takenAt().minus(DAYS_KEPT)))))));
    return new Document("$concatArrays", List.of(literal(List.of(day)), others));
  }

  /** Everything in it that tells whether jobs changed their status or account. */
  static List<Document> accounts(JobCounts counted) {
    return counted.accounts().stream().map(TallyDocument::account).toList();
  }

  private static Document account(AccountCounts account) {
    StatusCounts counts = account.counts();
    return new Document(TallyFields.ACCOUNT, account.accountId().orElse(null))
        .append(TallyFields.TOTAL, counts.total())
        .append(TallyFields.PENDING, counts.pending())
        .append(TallyFields.COMPLETED, counts.completed())
        .append(TallyFields.FAILED, counts.failed())
        .append("suspended", counts.suspended())
        .append("cancelled", counts.cancelled())
        .append("waiting", counts.waiting())
        .append("open", counts.open());
  }

  static Document summed(Document tally, Sums sums, Instant at, Duration cost) {
    return tally
        .append(TallyFields.CENTS, new Decimal128(sums.cents()))
        .append(TallyFields.MS, new Decimal128(sums.ms()))
        .append(TallyFields.SUMS_AT, Date.from(at))
        .append(TallyFields.SUMS_COST_MS, cost.toMillis())
        .append(TallyFields.SUMS_BEHIND, false);
  }

  /** An account may be named like a field path: it is never to be read as one. */
  private static Document literal(Object value) {
    return new Document("$literal", value);
  }
}
