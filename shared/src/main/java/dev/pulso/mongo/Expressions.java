package dev.pulso.mongo;

import java.util.Arrays;
import org.bson.Document;

/** Builds aggregation expressions. */
public final class Expressions {
  private Expressions() {}

  /** Returns a value as it is: text in it may begin with a dollar. */
  public static Document literal(Object value) {
    return new Document("$literal", value);
  }

  /** Returns an operator with its operands, which may be null. */
  public static Document op(String name, Object... operands) {
    return new Document(name, Arrays.asList(operands));
  }
}
