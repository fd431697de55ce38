package dev.pulso.local.server;

import dev.pulso.config.Settings;
import dev.pulso.local.database.MongoServer;
import dev.pulso.local.server.demo.DemoData;
import dev.pulso.local.server.demo.DemoData.BatchToWatch;
import dev.pulso.local.server.demo.Dialers;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/** Decides whether this database gets demo data. */
final class Demo implements AutoCloseable {
  private final DemoData data;
  private final boolean ownServer;
  private final boolean wanted;
  private final Steps steps;
  private Optional<Dialers> dialers = Optional.empty();

  /** The default is yes for a server that was started here, and no for another one. */
  Demo(MongoServer server, Settings settings, Optional<Boolean> choice, Steps steps) {
    this.data = new DemoData(server.uri(), settings, Clock.systemUTC());
    this.ownServer = server.startedHere();
    this.wanted = choice.orElse(ownServer);
    this.steps = steps;
  }

  /** Empties the database for {@code --reset}, or if an earlier load was interrupted. */
  void clear(boolean reset) {
    if (reset) {
      data.deleteEverything();
      steps.say("  Reset: the database is empty");
    } else if (wanted && ownServer && data.state() == DemoData.State.CUT_OFF) {
      data.deleteEverything();
    }
  }

  /** Loads the demo if it is wanted and the database has no other data. */
  void load() {
    if (!wanted) {
      steps.say("  Demo data: off" + (ownServer ? "" : "; --demo loads them"));
      return;
    }
    switch (data.state()) {
      case EMPTY ->
          steps.step(
              data::load, jobs -> String.format(Locale.ROOT, "Demo data: %,d jobs loaded", jobs));
      case LOADED -> steps.say("  Demo data: there");
      case CUT_OFF ->
          steps.say(
              "  Demo data: not used, an earlier load was interrupted; drop the database first");
      case FOREIGN -> steps.say("  Demo data: not loaded, the collections are not empty");
    }
  }

  /** Starts the dialers, if the database has demo data. */
  void run() {
    if (wanted && data.state() == DemoData.State.LOADED) {
      dialers = Optional.of(data.startDialers());
    }
  }

  /** Returns the most interesting batch, of this account if it has one. */
  Optional<BatchToWatch> batchToWatch(Optional<String> accountId) {
    return accountId.flatMap(data::batchToWatch).or(data::batchToWatch);
  }

  @Override
  public void close() {
    dialers.ifPresent(Dialers::close);
    data.close();
  }
}
