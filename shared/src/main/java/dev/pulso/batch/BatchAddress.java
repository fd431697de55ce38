package dev.pulso.batch;

import com.mongodb.client.model.Filters;
import java.util.Optional;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * How a caller names a batch: by its {@code batch_id}, or by its Mongo {@code _id} in 24 hex
 * digits, which then goes first.
 *
 * @param text what stands in the path, decoded
 */
public record BatchAddress(String text) {

  /** The {@code _id} that this may be. */
  Optional<ObjectId> objectId() {
    return ObjectId.isValid(text) ? Optional.of(new ObjectId(text)) : Optional.empty();
  }

  /** The same for every way of writing it: hex digits go in any case. */
  public String canonical() {
    return objectId().map(ObjectId::toHexString).orElse(text);
  }

  /** Matches the batches that are meant: one, or two when an {@code _id} is also a batch_id. */
  Bson filter() {
    Bson byBatchId = Filters.eq(BatchFields.BATCH_ID, text);
    return objectId()
        .map(id -> Filters.or(Filters.eq(BatchFields.ID, id), byBatchId))
        .orElse(byBatchId);
  }
}
