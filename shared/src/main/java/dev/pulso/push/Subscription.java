package dev.pulso.push;

import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Lenient;
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
 * @param revision of the connection with which it began; tells it from an equal one before it, so
 *     that a client that subscribes again is told the present state again
 */
public record Subscription(
    Kind kind, Optional<String> name, Optional<Object> batch, long revision) {
  static final String KIND = "kind";
  static final String NAME = "name";
  static final String BATCH = "batch";
  static final String REVISION = "revision";

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
        .map(
            kind ->
                new Subscription(
                    kind,
                    name.map(String.class::cast),
                    batch,
                    Lenient.count(stored.get(REVISION))));
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

  /** Returns the fields that tell it from others of the same connection. */
  static Document key(Kind kind, Optional<String> name) {
    return new Document(KIND, kind.text()).append(NAME, name.orElse(null));
  }

  /**
   * Returns an expression for the subscriptions of a connection with this one in place of an equal
   * one.
   *
   * @param revision an expression
   */
  static Document added(
      Kind kind, Optional<String> name, Optional<Object> batch, Document revision) {
    Document named = literal(name.orElse(null));
    Document isEqual =
        op("$and", op("$eq", "$$this." + KIND, kind.text()), op("$eq", "$$this." + NAME, named));
    Document others =
        new Document("input", "$" + Connections.SUBSCRIPTIONS)
            .append("cond", new Document("$not", isEqual));
    Document own =
        new Document(KIND, kind.text())
            .append(NAME, named)
            .append(BATCH, literal(batch.orElse(null)))
            .append(REVISION, revision);
    return op("$concatArrays", new Document("$filter", others), List.of(own));
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
