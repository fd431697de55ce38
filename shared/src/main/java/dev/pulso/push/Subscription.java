package dev.pulso.push;

import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Lenient;
import dev.pulso.text.JsonWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.bson.Document;

/**
 * What a client wants to be told about.
 *
 * @param name of a batch the address that the client used; else the account, empty for all that the
 *     client may see
 * @param batch the {@code _id} of the batch; empty for the other kinds
 */
public record Subscription(Kind kind, Optional<String> name, Optional<Object> batch) {
  static final String KIND = "kind";
  static final String NAME = "name";
  static final String BATCH = "batch";

  /** The kinds of subscriptions. */
  public enum Kind {
    BATCH,
    OVERVIEW,
    LIST;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Subscription of(Document stored) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(each -> each.text().equals(stored.get(KIND)))
            .findFirst()
            .orElseThrow();
    return new Subscription(
        kind, Lenient.text(stored.get(NAME)), Optional.ofNullable(stored.get(BATCH)));
  }

  Document document() {
    return key(kind, name).append(BATCH, batch.orElse(null));
  }

  /** Returns the fields that tell it from others of the same connection. */
  static Document key(Kind kind, Optional<String> name) {
    return new Document(KIND, kind.text()).append(NAME, name.orElse(null));
  }

  /** Writes the fields by which a client knows its subscription, as it sent them. */
  static void write(JsonWriter json, Kind kind, Optional<String> name) {
    switch (kind) {
      case BATCH -> json.text(BatchFields.BATCH_ID, name);
      case OVERVIEW -> json.flag("overview", true).text(BatchFields.ACCOUNT_ID, name);
      case LIST -> json.flag("batches", true).text(BatchFields.ACCOUNT_ID, name);
    }
  }
}
