package dev.pulso;

import dev.pulso.config.Settings;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.bson.types.Decimal128;

/** Loads classes ahead of the first answer. */
final class Preload {
  /** A port without a listener: a client is made and closed, and nothing is sent. */
  private static final String NOWHERE = "mongodb://127.0.0.1:1";

  private Preload() {}

  /**
   * Loads the classes that read figures and write answers. The first use of Decimal128 alone takes
   * 7 ms.
   */
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

  /** Loads the driver when the database cannot be opened yet. */
  static void driver(Settings settings) {
    Db.open(NOWHERE, settings).close();
  }
}
