package dev.pulso.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes JSON objects, field by field and in order. It uses no reflection, so it needs no warm-up,
 * and the code shows the shape of an answer.
 */
public final class JsonWriter {
  /** The longest text in a list, in chars: Lambda sends no answer above 6 MB. */
  public static final int LISTED = 2_000;

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int TIME_LENGTH = "2025-01-15T10:30:00.000000Z".length();

  private final JsonGenerator json;

  private JsonWriter(JsonGenerator json) {
    this.json = json;
  }

  /** Returns the JSON text of an object with these fields. */
  public static String object(Consumer<JsonWriter> fields) {
    return text(writer -> writer.element(fields));
  }

  /** Returns the JSON text of an array of objects. */
  public static <T> String array(Iterable<T> values, FieldsOf<T> fields) {
    return text(writer -> writer.array(values, fields, writer.json::writeStartArray));
  }

  private static String text(Consumer<JsonWriter> content) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      content.accept(new JsonWriter(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Writes a string. */
  public JsonWriter text(String name, String value) {
    return write(() -> json.writeStringField(name, value));
  }

  /** Writes a string, or null. */
  public JsonWriter text(String name, Optional<String> value) {
    return value.isPresent() ? text(name, value.get()) : write(() -> json.writeNullField(name));
  }

  /** Writes a string of at most so many chars, what goes beyond is cut; or null. */
  public JsonWriter text(String name, Optional<String> value, int most) {
    return text(name, value.map(text -> cut(text, most)));
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, most - (Character.isHighSurrogate(text.charAt(most - 1)) ? 1 : 0));
  }

  /** Writes a whole number. */
  public JsonWriter number(String name, long value) {
    return write(() -> json.writeNumberField(name, value));
  }

  /** Writes a decimal number. */
  public JsonWriter number(String name, BigDecimal value) {
    return write(() -> json.writeNumberField(name, value));
  }

  /** Writes a decimal number, or null. */
  public JsonWriter number(String name, Optional<BigDecimal> value) {
    return value.isPresent() ? number(name, value.get()) : write(() -> json.writeNullField(name));
  }

  /** Writes a boolean. */
  public JsonWriter flag(String name, boolean value) {
    return write(() -> json.writeBooleanField(name, value));
  }

  /** Writes a time (UTC). */
  public JsonWriter time(String name, Instant value) {
    return text(name, format(value));
  }

  /** Writes a time (UTC), or null. */
  public JsonWriter time(String name, Optional<Instant> value) {
    return text(name, value.map(JsonWriter::format));
  }

  /**
   * Returns a time of the years 0 to 9999 with six digits and a Z, so that no browser reads it as
   * local time. Written by hand, because a formatter takes longer to load than the rest of a first
   * answer.
   */
  static String format(Instant time) {
    LocalDateTime utc =
        LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(TIME_LENGTH);
    digits(text, utc.getYear(), 1_000).append('-');
    digits(text, utc.getMonthValue(), 10).append('-');
    digits(text, utc.getDayOfMonth(), 10).append('T');
    digits(text, utc.getHour(), 10).append(':');
    digits(text, utc.getMinute(), 10).append(':');
    digits(text, utc.getSecond(), 10).append('.');
    return digits(text, utc.getNano() / 1_000, 100_000).append('Z').toString();
  }

  private static StringBuilder digits(StringBuilder text, int number, int highest) {
    for (int unit = highest; unit > 0; unit /= 10) {
      text.append((char) ('0' + number / unit % 10));
    }
    return text;
  }

  /** Writes an object. */
  public JsonWriter object(String name, Consumer<JsonWriter> fields) {
    write(() -> json.writeObjectFieldStart(name));
    fields.accept(this);
    return write(json::writeEndObject);
  }

  /** Writes an object, or null. */
  public <T> JsonWriter object(String name, Optional<T> value, FieldsOf<T> fields) {
    return value.isPresent()
        ? object(name, writer -> fields.write(writer, value.get()))
        : write(() -> json.writeNullField(name));
  }

  /** Writes an array of objects. */
  public <T> JsonWriter array(String name, Iterable<T> values, FieldsOf<T> fields) {
    return array(values, fields, () -> json.writeArrayFieldStart(name));
  }

  private <T> JsonWriter array(Iterable<T> values, FieldsOf<T> fields, Step start) {
    write(start);
    for (T value : values) {
      element(writer -> fields.write(writer, value));
    }
    return write(json::writeEndArray);
  }

  /** Writes an array of strings. */
  public JsonWriter texts(String name, List<String> texts) {
    return write(
        () -> {
          json.writeFieldName(name);
          json.writeArray(texts.toArray(new String[0]), 0, texts.size());
        });
  }

  /** Writes an array of arrays of strings. */
  public JsonWriter lists(String name, List<List<String>> lists) {
    write(() -> json.writeArrayFieldStart(name));
    for (List<String> list : lists) {
      write(() -> json.writeArray(list.toArray(new String[0]), 0, list.size()));
    }
    return write(json::writeEndArray);
  }

  /** Writes an array of numbers. */
  public JsonWriter numbers(String name, Iterable<? extends Number> values) {
    write(() -> json.writeArrayFieldStart(name));
    for (Number value : values) {
      write(() -> json.writeNumber(value.toString()));
    }
    return write(json::writeEndArray);
  }

  /** Writes a value that is JSON already. */
  public JsonWriter raw(String name, String value) {
    return write(
        () -> {
          json.writeFieldName(name);
          json.writeRawValue(value);
        });
  }

  private JsonWriter element(Consumer<JsonWriter> fields) {
    write(json::writeStartObject);
    fields.accept(this);
    return write(json::writeEndObject);
  }

  private JsonWriter write(Step step) {
    try {
      step.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the fields of a value. */
  @FunctionalInterface
  public interface FieldsOf<T> {
    void write(JsonWriter writer, T value);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}
