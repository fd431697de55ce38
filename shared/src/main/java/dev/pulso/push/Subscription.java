package dev.pulso.push;

import dev.pulso.batch.BatchFields;
import dev.pulso.text.JsonWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bson.BsonRegularExpression;
import org.bson.BsonUndefined;
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

  /** Returns a stored subscription; empty if it is damaged. */
  static Optional<Subscription> of(Document stored) {
    Optional<Object> name = Optional.ofNullable(stored.get(NAME));
    Optional<Object> batch = Optional.ofNullable(stored.get(BATCH));
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.text().equals(stored.get(KIND)))
        .filter(kind -> name.map(String.class::isInstance).orElse(kind != Kind.BATCH))
        .filter(kind -> kind != Kind.BATCH || batch.filter(Subscription::isId).isPresent())
        .findFirst()
        .map(kind -> new Subscription(kind, name.map(String.class::cast), batch));
  }

  /** The server takes nothing else as an {@code _id}, and would refuse to look for some of it. */
  private static boolean isId(Object value) {
    return switch (value) {
      case List<?> list -> false;
      case BsonRegularExpression pattern -> false;
      case BsonUndefined nothing -> false;
      case Document document -> document.keySet().stream().noneMatch(key -> key.startsWith("$"));
      default -> true;
    };
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
