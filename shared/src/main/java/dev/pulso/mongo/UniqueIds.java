package dev.pulso.mongo;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import org.bson.types.ObjectId;

/**
 * Makes ids that differ between the copies of a process that are restored from one snapshot. The
 * driver's own don't: their random part and counter are part of the snapshot. SecureRandom reads
 * the operating system's, see
 * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
 */
public final class UniqueIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private UniqueIds() {}

  /** An id that nobody else makes: four bytes of time, as usual, and eight of chance. */
  public static ObjectId next() {
    ByteBuffer bytes = ByteBuffer.allocate(12);
    bytes.putInt((int) Instant.now().getEpochSecond()).putLong(RANDOM.nextLong());
    return new ObjectId(bytes.array());
  }
}
