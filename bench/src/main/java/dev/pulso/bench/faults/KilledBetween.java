package dev.pulso.bench.faults;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.config.Settings;
import dev.pulso.local.database.Cluster;
import dev.pulso.mongo.LiveDb;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.Document;

/**
 * Kills mongod right after it answered one of the last commands of a cancel: jobs, the read that
 * counts them, figures, snapshot, or closing. Its journal interval is so long that writes
 * acknowledged with {@code w: 1} are lost.
 */
public final class KilledBetween {
  private static final String DATABASE = "between";
  private static final Duration TIMEOUT = Duration.ofSeconds(29);
  private static final int JOBS = 80;

  private static final Document WITHOUT_FIGURES =
      Document.parse("{'pulso.cancel.open': true, 'pulso.figures': {$exists: false}}");

  private static final Document WAITING =
      Document.parse("{status: {$in: ['pending', 'scheduled']}}");

  private final List<String> breaches = new ArrayList<>();
  private int countersLost;
  private int jobsLost;

  /** The command after which the server is killed. */
  private enum Moment {
    JOBS("update", "jobs", "cancellation_reason"),
    COUNT("find", "jobs", "updated_at"),
    FIGURES("update", "batches", "taken_at"),
    SNAPSHOT("update", "pulso_tallies", "taken_at"),
    NOTE("update", "batches", "cancelled_jobs");

    private final String command;
    private final String collection;
    private final String field;

    Moment(String command, String collection, String field) {
      this.command = command;
      this.collection = collection;
      this.field = field;
    }

    boolean isOf(BsonDocument command) {
      return is(command, this.command, collection, field);
    }
  }

  private static boolean is(BsonDocument command, String name, String collection, String field) {
    return command.getFirstKey().equals(name)
        && command.getString(name).getValue().equals(collection)
        && command.toString().contains(field);
  }

  /** Cancels this many batches, with each moment in turn. */
  public Outcome tries(int tries) {
    try (Cluster cluster = Cluster.onDisk(1, "--journalCommitInterval", "500")) {
      return tries(tries, cluster);
    }
  }

  private Outcome tries(int tries, Cluster cluster) {
    Killer killer = new Killer(cluster);
    int held = 0;
    Round.makeIndexes(cluster, DATABASE);
    try (Pulso pulso = pulso(cluster, killer)) {
      for (int i = 0; i < tries; i++) {
        Moment moment = Moment.values()[i % Moment.values().length];
        List<String> found = once(cluster.database(DATABASE), pulso, killer, moment, i);
        breaches.addAll(found);
        held += found.isEmpty() ? 1 : 0;
      }
    }
    return new Outcome(
        "SIGKILL of mongod between jobs, count, figures, snapshot and note",
        tries,
        held,
        "jobs were lost %d times, figures %d times".formatted(jobsLost, countersLost),
        breaches);
  }

  private static Pulso pulso(Cluster cluster, Killer killer) {
    Settings settings =
        Settings.from(Map.of("MONGODB_URI", cluster.uri(), "MONGODB_DATABASE", DATABASE));
    LiveDb database = LiveDb.of(settings, client -> client.addCommandListener(killer));
    return Pulso.open(Pulso.Options.of(settings).withDatabase(database));
  }

  private List<String> once(
      MongoDatabase database, Pulso pulso, Killer killer, Moment moment, int number) {
    Uploaded batch = Uploaded.into(database, moment + "-" + number, JOBS);
    Invariants invariants = new Invariants(database);
    killer.killsAfter(moment);
    Deadline patience = Deadline.in(TIMEOUT.multipliedBy(3));
    for (Optional<MongoException> refusal = cancel(pulso, batch);
        refusal.isPresent();
        refusal = cancel(pulso, batch)) {
      // A marker whose answer got lost promises nothing: the batch is cancelled again.
      if (killer.isMarked() || patience.passed()) {
        String when = killer.isMarked() ? "after its marker" : "again and again";
        return List.of(batch.id() + " is refused " + when + ": " + refusal.get().getMessage());
      }
    }
    countersLost += killer.hasTaken(Moment.FIGURES) || killer.hasTaken(Moment.SNAPSHOT) ? 1 : 0;
    jobsLost += killer.hasTaken(Moment.JOBS) || killer.hasTaken(Moment.COUNT) ? 1 : 0;
    while (!invariants.isClosed(batch)) {
      if (patience.passed()) {
        return List.of(batch.id() + " is not settled");
      }
      try {
        pulso.runUpkeep(Duration.ofSeconds(20));
      } catch (MongoException e) {
        // The server was too slow. The next run does it.
      }
    }
    return invariants.breaches(batch, Round.FIRST);
  }

  private static Optional<MongoException> cancel(Pulso pulso, Uploaded batch) {
    try {
      pulso
          .services()
          .cancel()
          .cancel(
              Caller.ANONYMOUS,
              new BatchAddress(batch.id()),
              Optional.of(Round.FIRST),
              Origin.NONE,
              Deadline.in(TIMEOUT));
      return Optional.empty();
    } catch (MongoException e) {
      return Optional.of(e);
    }
  }

  /** Kills the server once, on the thread that got the answer. */
  private static final class Killer implements CommandListener {
    private final Cluster cluster;
    private Optional<Moment> moment = Optional.empty();
    private int request = -1;
    private int marker = -1;
    private boolean isMarked;
    private Optional<Moment> taken = Optional.empty();

    Killer(Cluster cluster) {
      this.cluster = cluster;
    }

    synchronized void killsAfter(Moment write) {
      moment = Optional.of(write);
      taken = Optional.empty();
      isMarked = false;
    }

    /** Returns whether the server has answered that it set the marker. */
    synchronized boolean isMarked() {
      return isMarked;
    }

    /** Returns whether the crash after that write took away what it is about. */
    synchronized boolean hasTaken(Moment write) {
      return taken.filter(write::equals).isPresent();
    }

    @Override
    public synchronized void commandStarted(CommandStartedEvent event) {
      if (is(event.getCommand(), "findAndModify", "batches", "cancelled_at")) {
        marker = event.getRequestId();
      }
      if (moment.filter(write -> write.isOf(event.getCommand())).isPresent()) {
        request = event.getRequestId();
      }
    }

    @Override
    public synchronized void commandSucceeded(CommandSucceededEvent event) {
      isMarked |=
          event.getRequestId() == marker
              && event.getResponse().isDocument("value")
              && !event.getResponse().containsKey("writeConcernError");
      if (moment.isPresent() && event.getRequestId() == request) {
        Moment write = moment.get();
        moment = Optional.empty();
        cluster.killAndRestart();
        taken = Optional.of(write).filter(this::isGone);
      }
    }

    private boolean isGone(Moment write) {
      MongoDatabase database = cluster.database(DATABASE);
      return switch (write) {
        case JOBS, COUNT -> database.getCollection("jobs").countDocuments(WAITING) > 0;
        case FIGURES, SNAPSHOT ->
            database.getCollection("batches").countDocuments(WITHOUT_FIGURES) > 0;
        case NOTE -> false;
      };
    }
  }
}
