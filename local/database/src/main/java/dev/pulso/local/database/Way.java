package dev.pulso.local.database;

import java.util.List;
import java.util.Map;

/** The sources of a server without {@code MONGODB_URI}. */
enum Way {
  PATH("mongod on the PATH") {
    @Override
    MongoServer open(Wish wish) throws NotThisWayException {
      return MongodStarter.start(MongodBinary.named(wish.environment()), wish);
    }
  },
  DOCKER("Docker") {
    @Override
    MongoServer open(Wish wish) throws NotThisWayException {
      return MongoImage.of(wish).start();
    }
  },
  FETCH("fetched mongod") {
    @Override
    MongoServer open(Wish wish) throws NotThisWayException {
      return MongodStarter.start(FetchedMongod.find(wish), wish);
    }
  };

  /**
   * Selects one source ({@code path}, {@code docker} or {@code fetch}); the others are not tried.
   */
  static final String CHOICE = "PULSO_MONGO";

  private final String label;

  Way(String label) {
    this.label = label;
  }

  abstract MongoServer open(Wish wish) throws NotThisWayException;

  String label() {
    return label;
  }

  /** Returns this order, or the source that the environment selects. */
  static List<Way> chosen(Map<String, String> environment, Way... order) {
    String choice = environment.getOrDefault(CHOICE, "").strip();
    if (choice.isEmpty()) {
      return List.of(order);
    }
    for (Way way : order) {
      if (way.name().equalsIgnoreCase(choice)) {
        return List.of(way);
      }
    }
    throw new MongoUnavailableException(
        CHOICE + " is \"" + choice + "\", but must be path, docker or fetch.");
  }
}
