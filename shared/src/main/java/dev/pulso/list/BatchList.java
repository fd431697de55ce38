package dev.pulso.list;

import dev.pulso.batch.Batch;
import dev.pulso.batch.Batches;
import dev.pulso.counting.Recounter;
import dev.pulso.counting.WatchedPage;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.util.List;
import java.util.Optional;

/** Lists batches page by page, with the counters that they store. Keeps those of a page fresh. */
public final class BatchList {
  private final Batches batches;
  private final WatchedPage watched;
  private final String collection;

  public BatchList(Db db, Batches batches, Recounter recounter) {
    this.batches = batches;
    this.watched = new WatchedPage(recounter);
    this.collection = db.batches().getNamespace().getCollectionName();
  }

  /**
   * A page of a list.
   *
   * @param next the cursor of the next page; empty: this is the last one
   */
  public record Page(List<BatchRow> rows, Optional<String> next) {}

  /**
   * Returns a page. Walking from page to page shows each batch once that is there all the while.
   *
   * @throws InvalidParameterException when the cursor belongs to another query
   */
  public Page page(ListQuery query, Deadline deadline) {
    PagePipeline pipeline = new PagePipeline(query, collection);
    List<Batch> found = read(pipeline, deadline);
    if (watched.recount(found, deadline)) {
      found = read(pipeline, deadline);
    }
    if (found.size() <= query.limit()) {
      return new Page(rows(found), Optional.empty());
    }
    List<Batch> page = found.subList(0, query.limit());
    Batch last = page.getLast();
    Cursor next = new Cursor(last.value(PagePipeline.SHOWN), last.id());
    return new Page(rows(page), Optional.of(next.encoded(query)));
  }

  private List<Batch> read(PagePipeline pipeline, Deadline deadline) {
    return batches.aggregate(pipeline.stages(), pipeline.hint(), deadline.remaining());
  }

  private static List<BatchRow> rows(List<Batch> batches) {
    return batches.stream().map(BatchRow::of).toList();
  }
}
