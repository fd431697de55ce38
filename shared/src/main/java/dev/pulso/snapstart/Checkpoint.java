package dev.pulso.snapstart;

import com.mongodb.MongoException;
import dev.pulso.Pulso;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.json.JsonWriter;
import dev.pulso.log.Log;
import dev.pulso.mongo.Db;
import java.time.Instant;
import java.util.Optional;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Readies a function for SnapStart: no socket may be open when the process is frozen, for it would
 * be dead in every copy; what it needs to answer is loaded then, and a client is made again when a
 * copy thaws.
 */
public final class Checkpoint implements Resource {
  /** Where nobody listens: a client is made and closed, nothing is sent. */
  private static final String NOWHERE = "mongodb://127.0.0.1:1";

  /** The context alone would let it go. */
  private static Checkpoint registered;

  private final Pulso pulso;

  Checkpoint(Pulso pulso) {
    this.pulso = pulso;
  }

  /** Has the process call the hooks. */
  public static synchronized void register(Pulso pulso) {
    registered = new Checkpoint(pulso);
    Core.getGlobalContext().register(registered);
  }

  /** Loads what answers need, and closes all connections. */
  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    JsonWriter.object(json -> json.time("at", Optional.of(Instant.EPOCH)).number("jobs", 0L));
    Db.open(NOWHERE, pulso.settings()).close();
    pulso.sharing().warmUp();
    pulso.close();
  }

  /** Makes a client again, so that it connects while the function is still thawing. */
  @Override
  public void afterRestore(Context<? extends Resource> context) {
    try {
      pulso.db();
    } catch (MissingConnectionException | MongoException e) {
      // The first request tries again, and answers 503 if that fails too: no reason not to thaw.
      Log.failure("restore", Optional.empty(), "DATABASE_UNAVAILABLE", e);
    }
  }
}
