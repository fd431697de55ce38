package dev.pulso.local.server.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bson.Document;

/** The content of {@code demo.json}: accounts, batches, and words for people and calls. */
final class DemoContent {
  private static final Document CONTENT = read();

  private DemoContent() {}

  static List<Document> documents(String name) {
    return CONTENT.getList(name, Document.class);
  }

  static List<String> texts(String name) {
    return CONTENT.getList(name, String.class);
  }

  /** One of the texts. */
  static String any(String name, RandomGenerator random) {
    List<String> all = texts(name);
    return all.get(random.nextInt(all.size()));
  }

  private static Document read() {
    try (InputStream file = DemoContent.class.getResourceAsStream("demo.json")) {
      return Document.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
