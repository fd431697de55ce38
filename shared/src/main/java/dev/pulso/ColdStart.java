package dev.pulso;

import com.mongodb.MongoException;
import dev.pulso.config.InvalidSettingException;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import dev.pulso.mongo.LiveDb;
import dev.pulso.observe.Log;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.PollLines;
import dev.pulso.observe.Tracer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Prepares a function for its first request during its start: Lambda gives a starting function
 * whole cores, and later only the share that its memory pays for.
 */
public final class ColdStart {
  private ColdStart() {}

  /**
   * Makes the {@link Pulso} of this process from its environment, with logs on standard output, and
   * prepares it for the first request.
   */
  public static Pulso pulso() {
    return pulso(Sharing::inProcess);
  }

  /**
   * Does the same for a function that shares state with other processes.
   *
   * @param sharer connects to it; called only if the settings name it
   */
  public static Pulso pulso(Function<Settings, Sharing> sharer) {
    return pulso(System.getenv(), sharer);
  }

  /**
   * Does the same with these environment variables. An invalid value is logged, and each request
   * then fails.
   */
  public static Pulso pulso(Map<String, String> environment, Function<Settings, Sharing> sharer) {
    Settings settings;
    try {
      settings = Settings.from(environment);
    } catch (InvalidSettingException e) {
      return misconfigured(e, environment);
    }
    Pulso pulso = Pulso.open(observed(settings).withSharer(sharer));
    if (Settings.isToBeFrozen(environment)) {
      Checkpoint.register(pulso);
    } else {
      prepare(pulso);
    }
    return pulso;
  }

  /**
   * A function that fails to start gives callers a bare 500; this one answers 503 with a problem
   * document. Its other settings stay in force: who may call, and the release that the errors count
   * for.
   */
  private static Pulso misconfigured(
      InvalidSettingException failure, Map<String, String> environment) {
    Log.error("invalid_setting", json -> json.text("detail", failure.getMessage()));
    Map<String, String> others = new HashMap<>(environment);
    others.remove(failure.name());
    Settings settings;
    try {
      settings = Settings.from(others);
    } catch (InvalidSettingException another) {
      return misconfigured(another, others);
    }
    LiveDb nowhere =
        LiveDb.openedBy(
            () -> {
              throw new MissingConnectionException(failure.getMessage());
            });
    return Pulso.open(observed(settings).withDatabase(nowhere));
  }

  private static Pulso.Options observed(Settings settings) {
    PollLines lines =
        new PollLines(
            MetricLines.toStandardOutput(settings.stack(), settings.release()),
            settings.pollsPerLine());
    // Lambda sends SIGTERM before it ends a process that has an extension beside it.
    Runtime.getRuntime().addShutdownHook(new Thread(lines::flush, "last-polls"));
    return Pulso.Options.of(settings)
        .withObserver(new Observer(lines, Tracer.of(settings.tracing(), settings.database())));
  }

  /**
   * Opens the database, which connects in the background, and loads the classes that answers need.
   */
  static void prepare(Pulso pulso) {
    Thread.ofPlatform().daemon().name("preload").start(Preload::answers);
    if (pulso.settings().mongoUri().isPresent()) {
      open(pulso, "start");
    } else {
      // The secrets extension does not answer before the first request.
      Preload.driver(pulso.settings());
    }
  }

  /**
   * A function that cannot open the database starts nevertheless, and each request says what is
   * missing.
   */
  static void open(Pulso pulso, String moment) {
    try {
      pulso.db();
    } catch (MissingConnectionException | MongoException e) {
      Log.failure(moment, Optional.empty(), "DATABASE_UNAVAILABLE", e);
    }
  }
}
