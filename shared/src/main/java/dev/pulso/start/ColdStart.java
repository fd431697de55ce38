package dev.pulso.start;

import com.mongodb.MongoException;
import dev.pulso.Pulso;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.observe.Log;
import java.util.Optional;

/**
 * Readies a function for its first request while it is started: Lambda gives a starting function
 * whole cores, and one that answers only the share of a core that its memory is worth.
 */
public final class ColdStart {
  private ColdStart() {}

  /** Opens the database, so that it connects by itself, and loads meanwhile what answers need. */
  public static void prepare(Pulso pulso) {
    Thread.ofPlatform().daemon().name("preload").start(Preload::answers);
    if (pulso.settings().mongoUri().isPresent()) {
      open(pulso, "start");
    } else {
      // The extension that keeps the secret gives it to nobody before the first request.
      Preload.driver(pulso.settings());
    }
  }

  /** A function that can't open it starts nevertheless, and each request says what is missing. */
  static void open(Pulso pulso, String moment) {
    try {
      pulso.db();
    } catch (MissingConnectionException | MongoException e) {
      Log.failure(moment, Optional.empty(), "DATABASE_UNAVAILABLE", e);
    }
  }
}
