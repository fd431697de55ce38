package dev.pulso.local.server.demo;

import org.bson.types.ObjectId;

/**
 * A job that a dialer has claimed.
 *
 * @param jobId its {@code _id}
 * @param batchId its batch
 * @param attempts how often it was tried, this time included
 * @param maxAttempts how often it may be
 */
record Call(ObjectId jobId, String batchId, int attempts, int maxAttempts) {
  boolean mayBeTriedAgain() {
    return attempts < maxAttempts;
  }
}
