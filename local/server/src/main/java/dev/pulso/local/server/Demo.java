package dev.pulso.local.server;

import dev.pulso.config.Settings;
import dev.pulso.local.database.MongoServer;
import dev.pulso.local.server.demo.DemoData;
import dev.pulso.local.server.demo.DemoData.BatchToWatch;
import dev.pulso.local.server.demo.Dialers;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/** Decides whether there is a demo in this database. */
final class Demo implements AutoCloseable {
  private final DemoData data;
  private final boolean ownServer;
  private final boolean wanted;
  private final Steps steps;
  private Optional<Dialers> dialers = Optional.empty();

  /** It is wanted in a database that was started for it, in another one only when asked for. */
  Demo(MongoServer server, Settings settings, Optional<Boolean> choice, Steps steps) {
    this.data = new DemoData(server.uri(), settings, Clock.systemUTC());
    this.ownServer = server.startedHere();
    this.wanted = choice.orElse(ownServer);
    this.steps = steps;
  }

  /** Empties the database when that was asked for, or when the demo was loaded into it in part. */
  void clear(boolean reset) {
    if (reset) {
      data.deleteEverything();
      steps.say("  Reset: the database is empty");
    } else if (wanted && ownServer && data.state() == DemoData.State.CUT_OFF) {
      data.deleteEverything();
    }
  }

  /** Loads the demo where it is wanted and may be: into a database without anybody's data. */
  void load() {
    if (!wanted) {
      steps.say("  Demo data: none wanted" + (ownServer ? "" : "; --demo loads them"));
      return;
    }
    switch (data.state()) {
      case EMPTY ->
          steps.step(
              data::load, jobs -> String.format(Locale.ROOT, "Demo data: %,d jobs loaded", jobs));
      case LOADED -> steps.say("  Demo data: there");
      case CUT_OFF ->
          steps.say("  Demo data: not used, an earlier load was cut off; drop the database first");
      case FOREIGN -> steps.say("  Demo data: not loaded, the collections are not empty");
    }
  }

  /** Sets the dialers to work, if this is the demo. */
  void run() {
    if (wanted && data.state() == DemoData.State.LOADED) {
      dialers = Optional.of(data.startDialers());
    }
  }

  /** The batch that is most worth a look, of that account if it has one. */
  Optional<BatchToWatch> batchToWatch(Optional<String> accountId) {
    return accountId.flatMap(data::batchToWatch).or(data::batchToWatch);
  }

  @Override
  public void close() {
    dialers.ifPresent(Dialers::close);
    data.close();
  }
}
