package dev.pulso.list;

import dev.pulso.mongo.Lenient;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.bson.BSONException;
import org.bson.BsonUndefined;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.bson.types.CodeWithScope;
import org.bson.types.MinKey;

/**
 * The place in a list after which a page begins: of the last row of the page before.
 *
 * @param value what it shows of the list's order; null: nothing; {@link MinKey}: a long text, which
 *     the batch has
 * @param id its {@code _id}, of any type
 * @param turn how many pages before stayed at this place; so that no two pages have one cursor
 */
record Cursor(Object value, Object id, long turn) {
  private static final DocumentCodec CODEC = new DocumentCodec();

  /** The server refuses commands with 180 levels and more. */
  private static final int MOST_LEVELS = 100;

  private static final int LONGEST_TEXT = 500;

  private static final String QUERY = "q";
  private static final String VALUE = "v";
  private static final String ID = "i";
  private static final String TURN = "n";

  Cursor(Object value, Object id) {
    this(value, id, 0);
  }

  /** Returns whether it has its value. A long text would not fit into a URL. */
  boolean isWhole() {
    return !(value instanceof MinKey);
  }

  Cursor with(Object value) {
    return new Cursor(value, id, turn);
  }

  /** Returns the same place in another cursor. */
  Cursor again() {
    return new Cursor(value, id, turn + 1);
  }

  /** Returns it as a part of a URL. Only the same query takes it back. */
  String encoded(ListQuery query) {
    boolean isLong = value instanceof String text && text.length() > LONGEST_TEXT;
    Document content =
        new Document(QUERY, query.fingerprint())
            .append(VALUE, isLong ? new MinKey() : value)
            .append(ID, id);
    if (turn > 0) {
      content.append(TURN, turn);
    }
    ByteBuffer written = new RawBsonDocument(content, CODEC).getByteBuffer().asNIO();
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Reads a cursor.
   *
   * @throws InvalidParameterException when it was not made for this query
   */
  static Cursor decoded(String text, ListQuery query) {
    try {
      Document content = new RawBsonDocument(Base64.getUrlDecoder().decode(text)).decode(CODEC);
      Object value = content.get(VALUE);
      if (Long.valueOf(query.fingerprint()).equals(content.get(QUERY))
          && content.containsKey(ID)
          && isComparable(content.get(ID), MOST_LEVELS)
          && (value instanceof MinKey || query.order().value().isPossible(value))) {
        return new Cursor(value, content.get(ID), Lenient.count(content.get(TURN)));
      }
    } catch (IllegalArgumentException | BSONException e) {
      // Not ours; the same answer as for another query's.
    }
    throw new InvalidParameterException("cursor", "must come from a Link of the same query.");
  }

  /** Returns whether the server compares a value: it refuses undefined, and too many levels. */
  private static boolean isComparable(Object value, int levels) {
    return switch (value) {
      case Document document -> areComparable(document.values(), levels);
      case List<?> list -> areComparable(list, levels);
      case CodeWithScope code -> isComparable(code.getScope(), levels);
      case BsonUndefined any -> false;
      case null, default -> true;
    };
  }

  private static boolean areComparable(Collection<?> values, int levels) {
    return levels > 0 && values.stream().allMatch(value -> isComparable(value, levels - 1));
  }
}
