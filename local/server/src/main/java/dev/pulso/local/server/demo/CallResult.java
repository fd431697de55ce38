package dev.pulso.local.server.demo;

import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.bson.Document;

/**
 * The result of a call, and how different writers store it.
 *
 * @param costCents cost in cents, with a fraction
 */
record CallResult(
    String callId, boolean connected, int durationMs, double costCents, String transcript) {
  private static final double CENTS_PER_SECOND = 0.2691;

  static CallResult connected(RandomGenerator random) {
    return of(random, true, 15_000 + random.nextInt(180_000), DemoContent.any("talks", random));
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

  /** Returns a success in the format of most writers. */
  Document done(Instant at) {
    return new Document("status", "done")
        .append("call_result", nested(at))
        .append("finished_at", Date.from(at))
        .append("call_ended_at", Date.from(at))
        .append("call_duration_seconds", seconds());
  }

  /** Returns a success in the format of the other writers. */
  Document completed(Instant at) {
    return new Document("status", "completed")
        .append("call_result", flat())
        .append("completed_at", Date.from(at));
  }

  Document failed(Instant at) {
    return new Document("status", "failed")
        .append("call_result", nested(at))
        .append("failed_at", Date.from(at))
        .append("last_error", "not_connected");
  }

  private Document flat() {
    return new Document("call_id", callId)
        .append("call_status", connected ? "ended" : "not_connected")
        .append("disconnection_reason", connected ? "user_hangup" : "dial_no_answer")
        .append("duration_ms", durationMs)
        .append(
            "call_cost",
            new Document("combined_cost", costCents).append("total_duration_seconds", seconds()))
        .append("transcript", transcript);
  }

  private Document nested(Instant endedAt) {
    return new Document("success", connected)
        .append("status", connected ? "ended" : "not_connected")
        .append("summary", flat())
        .append("timestamp", Date.from(endedAt));
  }
}
