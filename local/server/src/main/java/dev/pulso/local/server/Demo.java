package dev.pulso.local.server;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.config.Settings;
import dev.pulso.local.database.MongoServer;
import dev.pulso.local.server.demo.DemoData;
import dev.pulso.local.server.demo.Dialers;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/** Decides whether there is a demo, and plays the part of everybody who is not Pulso in it. */
final class Demo implements AutoCloseable {
  private final MongoClient client;
  private final MongoDatabase database;
  private final DemoData data;
  private final boolean ownServer;
  private final Steps steps;
  private final boolean wanted;
  private Optional<Dialers> dialers = Optional.empty();

  Demo(MongoServer server, Settings settings, Optional<Boolean> choice, Steps steps) {
    client =
        MongoClients.create(
            MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(server.uri()))
                .applicationName("pulso-demo")
                .build());
    database = client.getDatabase(settings.database());
    data = new DemoData(database, settings, Clock.systemUTC());
    ownServer = server.startedHere();
    wanted = choice.orElse(ownServer);
    this.steps = steps;
  }

  /** Empties a database of our own into which the demo was loaded in part. */
  void clearWhatWasCutOff() {
    if (wanted && ownServer && data.state() == DemoData.State.CUT_OFF) {
      database.drop();
    }
  }

  /** Loads the demo where it is wanted and may be: into a database without anybody's data. */
  void load() {
    if (!wanted) {
      steps.say("  Demo data: none wanted" + (ownServer ? "" : " (--demo loads them)"));
      return;
    }
    switch (data.state()) {
      case EMPTY ->
          steps.step(
              data::load, jobs -> String.format(Locale.ROOT, "Demo data: %,d jobs loaded", jobs));
      case LOADED -> steps.say("  Demo data: there");
      case CUT_OFF ->
          steps.say("  Demo data: not loaded whole before, so not used; empty the collections");
      case FOREIGN -> steps.say("  Demo data: not loaded, the collections are not empty");
    }
  }

  /** Sets the dialers to work, if this is the demo. */
  void run() {
    if (wanted && data.state() == DemoData.State.LOADED) {
      dialers = Optional.of(data.startDialers());
    }
  }

  @Override
  public void close() {
    dialers.ifPresent(Dialers::close);
    client.close();
  }
}
