package dev.pulso.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes one JSON object, field by field and in order: no reflection, nothing to warm up, and the
 * shape of an answer stands where it is written.
 */
public final class JsonWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator json;

  private JsonWriter(JsonGenerator json) {
    this.json = json;
  }

  /** The JSON text of an object with these fields. */
  public static String object(Consumer<JsonWriter> fields) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      fields.accept(new JsonWriter(json));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** A time as answers write it. */
  public static String format(Instant time) {
    return Times.format(time);
  }

  /** A field that is a string. */
  public JsonWriter text(String name, String value) {
    return write(() -> json.writeStringField(name, value));
  }

  /** A field that is a string or null. */
  public JsonWriter text(String name, Optional<String> value) {
    return value.isPresent() ? text(name, value.get()) : write(() -> json.writeNullField(name));
  }

  /** A field that is a whole number. */
  public JsonWriter number(String name, long value) {
    return write(() -> json.writeNumberField(name, value));
  }

  /** A field that is a decimal number. */
  public JsonWriter number(String name, BigDecimal value) {
    return write(() -> json.writeNumberField(name, value));
  }

  /** A field that is a decimal number or null. */
  public JsonWriter number(String name, Optional<BigDecimal> value) {
    return value.isPresent() ? number(name, value.get()) : write(() -> json.writeNullField(name));
  }

  /** A field that is true or false. */
  public JsonWriter flag(String name, boolean value) {
    return write(() -> json.writeBooleanField(name, value));
  }

  /** A field that is a time (UTC) or null. */
  public JsonWriter time(String name, Optional<Instant> value) {
    return text(name, value.map(JsonWriter::format));
  }

  /** A field that is an object. */
  public JsonWriter object(String name, Consumer<JsonWriter> fields) {
    write(() -> json.writeObjectFieldStart(name));
    fields.accept(this);
    return write(json::writeEndObject);
  }

  /** A field that is an object or null. */
  public <T> JsonWriter object(String name, Optional<T> value, FieldsOf<T> fields) {
    return value.isPresent()
        ? object(name, writer -> fields.write(writer, value.get()))
        : write(() -> json.writeNullField(name));
  }

  /** A field that is an array of objects. */
  public <T> JsonWriter array(String name, Iterable<T> values, FieldsOf<T> fields) {
    write(() -> json.writeArrayFieldStart(name));
    for (T value : values) {
      write(json::writeStartObject);
      fields.write(this, value);
      write(json::writeEndObject);
    }
    return write(json::writeEndArray);
  }

  /** A field that is an array of arrays of strings. */
  public JsonWriter lists(String name, List<List<String>> lists) {
    write(() -> json.writeArrayFieldStart(name));
    for (List<String> list : lists) {
      write(() -> json.writeArray(list.toArray(new String[0]), 0, list.size()));
    }
    return write(json::writeEndArray);
  }

  /** A field whose value is JSON already. */
  public JsonWriter raw(String name, String value) {
    return write(
        () -> {
          json.writeFieldName(name);
          json.writeRawValue(value);
        });
  }

  private JsonWriter write(Step step) {
    try {
      step.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the fields of an object that stands for a value. */
  @FunctionalInterface
  public interface FieldsOf<T> {
    /** Writes them. */
    void write(JsonWriter writer, T value);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}
