package dev.pulso.local.server.demo;

import java.util.Date;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.bson.Document;

/**
 * How a call went, in the shapes in which the different writers leave it.
 *
 * @param callId id of the call
 * @param connected whether somebody answered
 * @param durationMs its length
 * @param costCents its price, with a fraction
 * @param transcript what was said
 */
record CallResult(
    String callId, boolean connected, int durationMs, double costCents, String transcript) {
  private static final double CENTS_PER_SECOND = 0.2691;

  static CallResult connected(RandomGenerator random, People people) {
    return of(random, true, 15_000 + random.nextInt(180_000), people.talk());
  }

  static CallResult notConnected(RandomGenerator random) {
    return of(random, false, 3_000 + random.nextInt(25_000), "");
  }

  private static CallResult of(
      RandomGenerator random, boolean connected, int durationMs, String transcript) {
    String id = "call_" + HexFormat.of().toHexDigits(random.nextLong());
    double cents = Math.round(durationMs * CENTS_PER_SECOND) / 1000.0;
    return new CallResult(id, connected, durationMs, cents, transcript);
  }

  int seconds() {
    return durationMs / 1000;
  }

  /** As the writers of {@code completed} put it. */
  Document flat() {
    return new Document("call_id", callId)
        .append("call_status", connected ? "ended" : "not_connected")
        .append("disconnection_reason", connected ? "user_hangup" : "dial_no_answer")
        .append("duration_ms", durationMs)
        .append(
            "call_cost",
            new Document("combined_cost", costCents).append("total_duration_seconds", seconds()))
        .append("transcript", transcript);
  }

  /** As the writers of {@code done} and {@code failed} put it. */
  Document nested(Date endedAt) {
    return new Document("success", connected)
        .append("status", connected ? "ended" : "not_connected")
        .append("summary", flat())
        .append("timestamp", endedAt);
  }
}
