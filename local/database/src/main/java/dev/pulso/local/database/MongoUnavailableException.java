package dev.pulso.local.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Thrown when no MongoDB is available. The message lists the attempts and says what to do. */
public final class MongoUnavailableException extends RuntimeException {
  MongoUnavailableException(String message) {
    super(message);
  }

  static MongoUnavailableException after(List<String> tried, Optional<Path> folder) {
    return new MongoUnavailableException(
        """
        No MongoDB is available. Tried, in this order:
          - %s
        Any one of these is enough:
          - install MongoDB 6.0 or later so that mongod is on the PATH, or name it in MONGOD
          - start Docker; the image is mongo:6.0.5, or what PULSO_MONGO_IMAGE names
          - set MONGODB_URI to a replica set, as in mongodb://127.0.0.1:27017/?directConnection=true%s
        PULSO_MONGO=path, docker or fetch picks one way; unset, all are tried.\
        """
            .formatted(String.join("\n  - ", tried), refusedData(folder)));
  }

  /** A mongod refuses data of a newer one, so {@code --reset} cannot drop them. */
  private static String refusedData(Optional<Path> folder) {
    return folder
        .map(DataFolder::data)
        .filter(Files::isDirectory)
        .map(data -> "\n  - delete " + data + ", if mongod refuses the data in it")
        .orElse("");
  }
}
