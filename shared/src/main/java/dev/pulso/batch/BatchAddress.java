package dev.pulso.batch;

import com.mongodb.client.model.Filters;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * How a caller names a batch: by its {@code batch_id}, or by its Mongo {@code _id} in 24 hex
 * digits, which then goes first: an ObjectId, else a text, as imports leave it.
 *
 * @param text what stands in the path, decoded
 */
public record BatchAddress(String text) {

  /** The {@code _id}s that this may be, in the order in which they count. */
  private Set<Object> ids() {
    Set<Object> ids = new LinkedHashSet<>();
    if (ObjectId.isValid(text)) {
      ids.add(new ObjectId(text));
      ids.add(text);
      ids.add(text.toLowerCase(Locale.ROOT));
      ids.add(text.toUpperCase(Locale.ROOT));
    }
    return ids;
  }

  /** The same for every way of writing it: hex digits go in any case. */
  public String canonical() {
    return ObjectId.isValid(text) ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** Matches the batches that may be meant; {@link #first} says which of them is. */
  Bson filter() {
    Bson byBatchId = Batches.withBatchId(text);
    Set<Object> ids = ids();
    return ids.isEmpty() ? byBatchId : Filters.or(Filters.in(BatchFields.ID, ids), byBatchId);
  }

  /** The one that is meant: by its {@code _id}, else by its batch_id. */
  Optional<Document> first(List<Document> candidates) {
    List<Object> ids = List.copyOf(ids());
    return candidates.stream()
        .min(Comparator.comparingInt(batch -> rank(ids.indexOf(batch.get(BatchFields.ID)))));
  }

  private static int rank(int index) {
    return index < 0 ? Integer.MAX_VALUE : index;
  }
}
