package dev.pulso.operations;

import dev.pulso.access.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.types.ObjectId;

/**
 * An operation that is carried on.
 *
 * @param storedAt by the server's clock
 * @param batches the {@code _id}s of all batches that it changes
 */
record StoredOperation(
    ObjectId id,
    BatchAction action,
    Optional<String> reason,
    Origin origin,
    Instant storedAt,
    List<Object> batches) {

  /** Returns the id in answers and audit entries. */
  String name() {
    return id.toHexString();
  }
}
