package dev.pulso.start;

import com.mongodb.MongoException;
import dev.pulso.Pulso;
import dev.pulso.Sharing;
import dev.pulso.config.InvalidSettingException;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import dev.pulso.mongo.LiveDb;
import dev.pulso.observe.Log;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Readies a function for its first request while it is started: Lambda gives a starting function
 * whole cores, and one that answers only the share of a core that its memory is worth.
 */
public final class ColdStart {
  private ColdStart() {}

  /**
   * Makes the Pulso of this process as its environment says, which tells standard output what it
   * does, and readies it for the first request.
   */
  public static Pulso pulso() {
    return pulso(Sharing::inProcess);
  }

  /**
   * The same for a function that shares something with other processes.
   *
   * @param sharer reaches it; called only when the environment says where it is
   */
  public static Pulso pulso(Function<Settings, Sharing> sharer) {
    return pulso(System.getenv(), sharer);
  }

  /**
   * The same in a process with these environment variables. A value that they may not have is in
   * the log, and each request fails.
   */
  public static Pulso pulso(Map<String, String> environment, Function<Settings, Sharing> sharer) {
    Settings settings;
    try {
      settings = Settings.from(environment);
    } catch (InvalidSettingException e) {
      return misconfigured(e, environment.getOrDefault("STAGE", ""));
    }
    Pulso pulso = Pulso.open(observed(settings).withSharer(sharer));
    if (Settings.isToBeFrozen(environment)) {
      Checkpoint.register(pulso);
    } else {
      prepare(pulso);
    }
    return pulso;
  }

  /** A function that can't start is a bare 500 to its callers; this one says 503 to each. */
  private static Pulso misconfigured(InvalidSettingException failure, String stage) {
    Log.error("invalid_setting", json -> json.text("detail", failure.getMessage()));
    LiveDb nowhere =
        LiveDb.openedBy(
            () -> {
              throw new MissingConnectionException(failure.getMessage());
            });
    return Pulso.open(observed(Settings.from(Map.of("STAGE", stage))).withDatabase(nowhere));
  }

  private static Pulso.Options observed(Settings settings) {
    return Pulso.Options.of(settings)
        .withObserver(
            new Observer(
                MetricLines.toStandardOutput(settings.stage()),
                Tracer.of(settings.tracing(), settings.database())));
  }

  /** Opens the database, so that it connects by itself, and loads meanwhile what answers need. */
  static void prepare(Pulso pulso) {
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
