package dev.pulso.list;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.counting.Recounter;
import dev.pulso.counting.WatchedPage;
import dev.pulso.list.PagePipeline.Part;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Lists batches page by page, with the counters that they store. Keeps those of a page fresh. */
public final class BatchList {
  /** A text is common if at least so many of the first batches contain it. */
  private static final int COMMON = 10;

  private static final int SAMPLE = 500;

  private final Batches batches;
  private final WatchedPage watched;
  private final String collection;

  public BatchList(Db db, Batches batches, Recounter recounter) {
    this.batches = batches;
    this.watched = new WatchedPage(recounter, Batch::isActive);
    this.collection = db.batches().getNamespace().getCollectionName();
  }

  /**
   * A page of a list.
   *
   * @param next the cursor of the next page; empty: this is the last one
   */
  public record Page(List<Counted> rows, Optional<String> next) {}

  /**
   * Returns a page. Walking from page to page shows each batch once that is there all the while,
   * but for one that another process recounts meanwhile: it may move past the cursor unseen.
   *
   * @throws InvalidParameterException when the cursor belongs to another query
   */
  public Page page(ListQuery query, Deadline deadline) {
    Optional<Cursor> after = after(query);
    PagePipeline pipeline = new PagePipeline(query, after, collection);
    List<Batch> found = read(query, pipeline, deadline);
    List<Batch> ahead = List.of();
    // The batch after the page is left to the next one: if it moved ahead, it would be in neither.
    List<Batch> first = found.subList(0, Math.min(found.size(), query.limit()));
    if (watched.recount(first, deadline)) {
      found = read(query, pipeline, deadline);
      List<Object> gone = new ArrayList<>(ids(first));
      gone.removeAll(ids(found));
      if (after.isPresent() && !gone.isEmpty()) {
        // No later page shows them.
        ahead = batches.aggregate(pipeline.ahead(gone), deadline.remaining());
      }
    }
    List<Batch> all = Stream.concat(ahead.stream(), found.stream()).toList();
    if (all.size() <= query.limit()) {
      return new Page(rows(all), Optional.empty());
    }
    List<Batch> page = all.subList(0, query.limit());
    // The walk stays where it is after batches that moved ahead.
    Cursor next =
        page.size() == ahead.size() ? after.orElseThrow().again() : placeOf(page.getLast());
    return new Page(rows(page), Optional.of(next.encoded(query)));
  }

  private static Cursor placeOf(Batch last) {
    return new Cursor(last.value(PagePipeline.SHOWN), last.id());
  }

  private static List<Object> ids(List<Batch> batches) {
    return batches.stream().map(Batch::id).toList();
  }

  private Optional<Cursor> after(ListQuery query) {
    return query
        .cursor()
        .map(text -> Cursor.decoded(text, query))
        .map(cursor -> cursor.isWhole() ? cursor : cursor.with(textOf(cursor.id(), query)));
  }

  private String textOf(Object id, ListQuery query) {
    return batches
        .find(query.selection().accounts(), id)
        .flatMap(batch -> batch.text(query.order().value().field()))
        .orElseThrow(
            () ->
                new InvalidParameterException(
                    "cursor", "stands at a batch that is gone. Begin at the first page."));
  }

  private List<Batch> read(ListQuery query, PagePipeline pipeline, Deadline deadline) {
    if (pipeline.isMerged()) {
      return batches.aggregate(pipeline.merged(), deadline.remaining());
    }
    List<Batch> found = new ArrayList<>();
    for (Part part : pipeline.parts()) {
      if (found.size() < pipeline.most()) {
        Optional<Bson> hint = part.isLong() ? hint(query, deadline) : Optional.empty();
        found.addAll(
            batches.find(
                part.filter(),
                part.sort(),
                part.fields(),
                hint,
                pipeline.most() - found.size(),
                deadline.remaining()));
      }
    }
    return found;
  }

  /**
   * Returns a hint for a search over all accounts. To find a text that few batches contain, nearly
   * all have to be read, and that is faster in their own order than in that of an index.
   */
  private Optional<Bson> hint(ListQuery query, Deadline deadline) {
    BatchSelection selection = query.selection();
    if (selection.text().isEmpty() || selection.accounts().only().isPresent()) {
      return Optional.empty();
    }
    List<Bson> sample =
        List.of(
            Aggregates.limit(SAMPLE),
            Aggregates.match(selection.filter()),
            Aggregates.limit(COMMON),
            Aggregates.project(Projections.include(BatchFields.ID)));
    boolean isRare = batches.aggregate(sample, deadline.remaining()).size() < COMMON;
    return isRare ? Optional.of(new Document("$natural", 1)) : Optional.empty();
  }

  private static List<Counted> rows(List<Batch> batches) {
    return batches.stream().map(Counted::of).toList();
  }
}
