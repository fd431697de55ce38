package dev.pulso.overview;

import static dev.pulso.mongo.Lenient.time;

import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Rounding;
import dev.pulso.counting.AccountJobs;
import dev.pulso.counting.AccountTotals;
import dev.pulso.counting.ActiveBatches;
import dev.pulso.counting.ActiveSums;
import dev.pulso.counting.CounterSnapshot;
import dev.pulso.counting.RefreshProgress;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Midnight;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bson.Document;

/** Adds up the rows of an {@link OverviewPipeline}. */
final class OverviewRows {
  private final View view;
  private final Optional<Instant> unsummed;
  private final ZoneId zone;
  private final AccountJobs jobs = new AccountJobs();
  private final ActiveBatches batches = new ActiveBatches();
  private final Map<Object, Document> redo = new HashMap<>();
  private Document first = new Document();
  private Document sums = new Document();
  private Document still = new Document();
  private Optional<AccountView> account = Optional.empty();
  private boolean isCancelOpen;

  /**
   * @param unsummed as passed to the pipeline
   */
  OverviewRows(View view, Optional<Instant> unsummed, ZoneId zone) {
    this.view = view;
    this.unsummed = unsummed;
    this.zone = zone;
  }

  void add(Document row) {
    if (row.containsKey(OverviewPipeline.NOW)) {
      addTotals(row);
    } else if (row.containsKey(CounterSnapshot.OPEN_SEQ)) {
      jobs.add(row);
      jobs.subtract(folded(row));
    } else if (row.containsKey(OverviewPipeline.STILL)) {
      still = row;
    } else if (row.containsKey(OverviewPipeline.ACCOUNT)) {
      Document found = Lenient.document(row.get(OverviewPipeline.ACCOUNT));
      account = account.or(() -> AccountView.of(found));
    } else if (row.containsKey(OverviewPipeline.CANCEL_OPEN)) {
      isCancelOpen = true;
    } else if (unsummed.isEmpty()) {
      batches.add(row);
    } else {
      replace(row);
    }
  }

  private void addTotals(Document progress) {
    first = progress;
    sums = Lenient.document(progress.get(ActiveSums.SUMS));
    sums.getList(ActiveSums.ACCOUNTS, Document.class, List.of()).stream()
        .filter(this::isShown)
        .forEach(batches::addSums);
    jobs.add(Lenient.document(progress.get(AccountTotals.TOTALS)));
    progress
        .getList(AccountTotals.REDO, Document.class, List.of())
        .forEach(folded -> redo.put(folded.get("_id"), folded));
  }

  /**
   * Returns the part of an open snapshot that the totals contain: its own note, unless the redo
   * list has a newer one.
   */
  private Document folded(Document snapshot) {
    Document noted = Lenient.document(snapshot.get(CounterSnapshot.FOLDED));
    Document about = redo.get(snapshot.get("_id"));
    return about == null
            || Objects.equals(noted.get(AccountTotals.SEQ), first.get(AccountTotals.SEQ))
        ? noted
        : about;
  }

  /** Replaces a changed batch's part in the sums by its current figures. */
  private void replace(Document batch) {
    Document held = ActiveSums.held(batch, Lenient.count(sums.get(ActiveSums.SEQ)));
    if (isShown(held)) {
      batches.subtractSums(held);
    }
    if (Lenient.isTrue(batch.get(BatchFields.IS_ACTIVE)) && !CancellationMarkers.isSet(batch)) {
      batches.add(batch);
    }
  }

  private boolean isShown(Document sums) {
    return view.shows(Lenient.text(sums.get(ActiveSums.ACCOUNT)));
  }

  /**
   * Returns the time from which on changes are not in the sums of active batches; empty: no sums.
   */
  Optional<Instant> unsummed() {
    return time(sums.get(ActiveSums.SINCE));
  }

  /**
   * Returns whether the rows are consistent: totals and sums did not change meanwhile, and batches
   * were read as the sums require.
   */
  boolean areOfOneState() {
    Optional<Instant> needed = unsummed();
    return versions(first).equals(versions(still))
        && unsummed.isPresent() == needed.isPresent()
        && (unsummed.isEmpty() || !unsummed.get().isAfter(needed.get()));
  }

  private static List<Object> versions(Document progress) {
    Document sums = Lenient.document(progress.get(ActiveSums.SUMS));
    return Arrays.asList(progress.get(AccountTotals.SEQ), sums.get(ActiveSums.SEQ));
  }

  /**
   * Returns the sum of all rows.
   *
   * @param clock the server's time, for the case that nothing was ever counted: then no row
   *     contains it
   */
  OverviewAnswer answer(Supplier<Instant> clock) {
    RefreshProgress progress = RefreshProgress.of(first, zone);
    Instant now = time(first.get(OverviewPipeline.NOW)).orElseGet(clock);
    Instant midnight = Midnight.before(now, zone);
    Predicate<Optional<String>> shown = view::shows;
    Overview overview =
        new Overview(
            progress.isNone() ? now : progress.asOf(),
            now,
            account,
            new Overview.Jobs(
                jobs.created(midnight, shown),
                jobs.pending(shown),
                jobs.completed(shown),
                jobs.failed(shown)),
            new Overview.Batches(
                batches.active(),
                batches.jobs(),
                Rounding.twoDecimals(batches.cost()),
                Rounding.twoDecimals(batches.minutes())),
            !progress.isNone() && progress.isComplete());
    return new OverviewAnswer(overview, progress, midnight, isCancelOpen);
  }
}
