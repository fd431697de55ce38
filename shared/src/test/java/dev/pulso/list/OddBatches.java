package dev.pulso.list;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.ObjectId;

/** Makes random batches: of few values, so that many are equal, and of odd ones. */
final class OddBatches {
  static final String ACCOUNT = "acc-1";

  private static final Object MISSING = new Object();
  private static final Date EARLY = date("2025-01-15T10:30:00Z");
  private static final Date LATE = date("2025-03-01T00:00:00Z");
  private static final Date OLD = date("1969-07-20T20:17:40Z");
  private static final Date FUTURE = date("9999-01-01T00:00:00Z");
  private static final Date TOO_LATE = date("+10001-01-01T00:00:00Z");
  private static final Date TOO_EARLY = date("-0001-01-01T00:00:00Z");

  private static final List<Object> TIMES =
      Arrays.asList(
          EARLY,
          EARLY,
          EARLY,
          LATE,
          OLD,
          null,
          MISSING,
          "2025-01-15",
          7,
          TOO_LATE,
          TOO_EARLY,
          new BsonTimestamp(1_736_937_000, 1),
          List.of(),
          List.of(EARLY),
          List.of(LATE, OLD, EARLY),
          List.of("text", LATE),
          new Document("0", EARLY));

  private static final List<Object> NAMES =
      Arrays.asList(
          "Cobranza",
          "cobranza",
          "Álamo",
          "A\u0301lamo",
          "",
          "𝒳",
          "\uffff",
          null,
          MISSING,
          7,
          List.of("Cobranza", "zeta"),
          List.of(),
          new Document("0", "Cobranza"));

  private static final List<Object> NUMBERS =
      Arrays.asList(
          0,
          3,
          3L,
          3.0,
          2.5,
          Decimal128.parse("2.5"),
          Decimal128.parse("3"),
          0.07,
          12.34,
          -4,
          -0.0,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          1e15,
          9.9e14,
          "many",
          null,
          MISSING,
          List.of(5, 1),
          new Document("a", 1));

  private final Random random;

  OddBatches(Random random) {
    this.random = random;
  }

  Document next() {
    Document batch = new Document("_id", id()).append("batch_id", "b" + random.nextLong());
    put(batch, "account_id", random.nextInt(5) == 0 ? "acc-2" : ACCOUNT);
    put(batch, "created_at", one(TIMES));
    put(batch, "name", one(NAMES));
    put(batch, "is_active", random.nextBoolean());
    put(batch, "pending_jobs", one(NUMBERS));
    put(batch, "total_cost", one(NUMBERS));
    switch (random.nextInt(6)) {
      case 0 -> {}
      case 1 ->
          batch.append(
              "pulso", new Document("figures", new Document("token", 3L)).append("due_at", FUTURE));
      case 2 -> batch.append("pulso", List.of(new Document("figures", figures())));
      // Not due, so that no page recounts it: what a walk goes by must not change.
      default -> batch.append("pulso", new Document("figures", figures()).append("due_at", FUTURE));
    }
    return batch;
  }

  private Document figures() {
    Document figures = new Document("total", 10L).append("pending", random.nextLong(4));
    figures.append("cents", new Decimal128(random.nextLong(-1, 5) * 100));
    if (random.nextInt(8) == 0) {
      figures.append("pending", one(List.of("many", -1, 1e15, Double.NaN)));
      figures.append("cents", one(List.of("much", Double.NaN, Decimal128.POSITIVE_INFINITY)));
    }
    return figures.append("last_activity_at", one(Arrays.asList(EARLY, LATE, null, "2025", 5)));
  }

  /** Ids that text or numbers of several types could confuse. */
  private Object id() {
    int number = random.nextInt(1_000_000);
    return switch (random.nextInt(16)) {
      case 0 -> number;
      case 1 -> (long) number;
      case 2 -> number + 0.5;
      case 3 -> new Decimal128(number);
      case 4 -> "" + number;
      case 5 -> (random.nextBoolean() ? "á" : "A") + number;
      case 6 -> new Document("a", number).append("b", "$a");
      case 7 -> new Document("at", new Date(number)).append("list", List.of(number, "x"));
      case 8 -> new Binary((byte) 0, ByteBuffer.allocate(4).putInt(number).array());
      case 9 -> new UUID(number, random.nextLong()).toString();
      case 10 -> new Date(number);
      case 11 -> new BsonTimestamp(number, 1);
      default -> new ObjectId(new Date(number), random.nextInt(1 << 24));
    };
  }

  /** Ids of which there is one each. */
  static List<Document> ofLoneIds() {
    return Stream.of(true, false, new MinKey(), new MaxKey(), Double.NaN, "$a")
        .map(id -> new Document("_id", id).append("batch_id", "lone " + id))
        .toList();
  }

  private Object one(List<?> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static void put(Document batch, String field, Object value) {
    if (value != MISSING) {
      batch.append(field, value);
    }
  }

  private static Date date(String text) {
    return Date.from(Instant.parse(text));
  }
}
