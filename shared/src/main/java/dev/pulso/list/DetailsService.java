package dev.pulso.list;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchHistory;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.status.StatusService;
import dev.pulso.time.Deadline;

/** Shows one batch: its row in lists, with counters like those of a poll, and its history. */
public final class DetailsService {
  private final StatusService status;
  private final BatchHistory history;

  public DetailsService(StatusService status, BatchHistory history) {
    this.status = status;
    this.history = history;
  }

  /**
   * Returns a batch with its history.
   *
   * @param visible accounts that the caller may read
   * @throws BatchNotFoundException when no visible batch has this address
   */
  public BatchDetails details(Accounts visible, BatchAddress address, Deadline deadline) {
    Counted polled = status.polled(visible, address, Batches.WHOLE, deadline);
    return new BatchDetails(polled, history.of(polled.batch(), visible));
  }
}
