package dev.pulso.batch;

import com.mongodb.client.model.Filters;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** Returns a filter for all candidates of these addresses. */
  static Bson filter(List<BatchAddress> addresses) {
    Set<Object> ids = new LinkedHashSet<>();
    addresses.forEach(address -> ids.addAll(address.ids()));
    Bson byBatchId =
        Filters.and(
            Filters.in(BatchFields.BATCH_ID, addresses.stream().map(BatchAddress::text).toList()),
            Batches.isNoArray(BatchFields.BATCH_ID));
    return ids.isEmpty() ? byBatchId : Filters.or(Filters.in(BatchFields.ID, ids), byBatchId);
  }

  /** Returns the addressed batches among the candidates of all addresses, each once. */
  static Collection<Document> addressed(List<BatchAddress> addresses, List<Document> candidates) {
    Map<Object, Document> byId = new HashMap<>();
    Map<Object, Document> byBatchId = new HashMap<>();
    for (Document batch : candidates) {
      byId.put(batch.get(BatchFields.ID), batch);
      byBatchId.putIfAbsent(batch.get(BatchFields.BATCH_ID), batch);
    }
    Map<Object, Document> addressed = new LinkedHashMap<>();
    for (BatchAddress address : addresses) {
      address.ids().stream()
          .filter(byId::containsKey)
          .findFirst()
          .map(byId::get)
          .or(() -> Optional.ofNullable(byBatchId.get(address.text)))
          .ifPresent(batch -> addressed.put(batch.get(BatchFields.ID), batch));
    }
    return addressed.values();
  }
}
