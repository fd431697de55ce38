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
 * The address of a batch: its {@code batch_id}, or its Mongo {@code _id} as 24 hex digits. The
 * {@code _id} wins: first as an ObjectId, then as text, as imports leave it.
 *
 * @param text the path parameter, decoded
 */
public record BatchAddress(String text) {

  /** Returns the possible {@code _id}s, by priority. */
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

  /** Returns one spelling for all: hex digits are case-insensitive. */
  public String canonical() {
    return ObjectId.isValid(text) ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** Returns a filter for all candidates; {@link #first} chooses among them. */
  Bson filter() {
    Bson byBatchId = Batches.withBatchId(text);
    Set<Object> ids = ids();
    return ids.isEmpty() ? byBatchId : Filters.or(Filters.in(BatchFields.ID, ids), byBatchId);
  }

  /** Returns the addressed batch: by {@code _id}, else by batch_id. */
  Optional<Document> first(List<Document> candidates) {
    List<Object> ids = List.copyOf(ids());
    return candidates.stream()
        .min(Comparator.comparingInt(batch -> rank(ids.indexOf(batch.get(BatchFields.ID)))));
  }

  private static int rank(int index) {
    return index < 0 ? Integer.MAX_VALUE : index;
  }
}
