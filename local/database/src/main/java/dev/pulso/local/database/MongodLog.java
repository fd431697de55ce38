package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.json.JsonParseException;

/** Reads the log of mongod, one JSON document per line (MongoDB manual, "Log Messages"). */
final class MongodLog {
  private static final List<String> BAD = List.of("F", "E");

  private MongodLog() {}

  static String reason(Path log) {
    try {
      return reason(Files.readAllLines(log));
    } catch (IOException e) {
      return "no log at " + log;
    }
  }

  /** Returns the reason why mongod ended, in one line. */
  static String reason(List<String> log) {
    return log.stream()
        .flatMap(line -> complaint(line).stream())
        .findFirst()
        .orElse(log.isEmpty() ? "its log is empty" : log.getLast());
  }

  private static Optional<String> complaint(String line) {
    try {
      Document entry = Document.parse(line);
      return BAD.contains(entry.getString("s"))
          ? Optional.of(entry.getString("msg") + detail(entry.get("attr", new Document())))
          : Optional.empty();
    } catch (JsonParseException notAnEntry) {
      return Optional.empty();
    }
  }

  private static String detail(Document attributes) {
    Object error = attributes.get("error");
    return error == null ? "" : ": " + (error instanceof Document d ? d.get("errmsg") : error);
  }
}
