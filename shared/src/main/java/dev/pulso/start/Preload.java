package dev.pulso.start;

import dev.pulso.config.Settings;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.bson.types.Decimal128;

/** Loads classes that every answer needs, so that the first one does not wait for them. */
final class Preload {
  /** Where nobody listens: a client is made and closed, nothing is sent. */
  private static final String NOWHERE = "mongodb://127.0.0.1:1";

  private Preload() {}

  /** What reads figures and writes answers; decimals alone take 7 ms, for their greatest value. */
  static void answers() {
    BigDecimal none = Lenient.amount(Decimal128.POSITIVE_ZERO);
    JsonWriter.object(
        json ->
            json.text("text", "")
                .time("time", Optional.of(Instant.EPOCH))
                .flag("flag", true)
                .number("count", 0L)
                .number("amount", none));
  }

  /** The driver, where the real database can't be opened yet. */
  static void driver(Settings settings) {
    Db.open(NOWHERE, settings).close();
  }
}
