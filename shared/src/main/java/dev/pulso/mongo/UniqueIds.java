package dev.pulso.mongo;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import org.bson.types.ObjectId;

/**
 * Makes ids that are unique across the copies of a SnapStart snapshot. The driver's own ids are
 * not: their random part and counter are part of the snapshot. SecureRandom reads the operating
 * system's random source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
 */
public final class UniqueIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private UniqueIds() {}

  /** Returns a unique id: four bytes of time, as usual, and eight random bytes. */
  public static ObjectId next() {
    ByteBuffer bytes = ByteBuffer.allocate(12);
    bytes.putInt((int) Instant.now().getEpochSecond()).putLong(RANDOM.nextLong());
    return new ObjectId(bytes.array());
  }
}
