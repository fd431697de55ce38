package dev.pulso.mongo;

import com.mongodb.MongoException;
import dev.pulso.config.ConnectionSecret;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The database of one process: opened on first use, and opened anew when its server no longer takes
 * the password, because whoever changes that changes the secret, and nobody deploys.
 *
 * <p>Safe for use by several threads. Who asks for an open database takes no lock; reading the
 * secret and swapping the client are done by one thread at a time.
 */
public final class LiveDb implements AutoCloseable {
  /** What does not work is not read again before that, however many requests ask for it. */
  static final Duration REST = Duration.ofSeconds(5);

  /** Longer than any request: who began with a client that is replaced ends with it. */
  private static final Duration LAST_USE = Duration.ofMinutes(1);

  private final Supplier<String> address;
  private final Function<String, Db> opener;
  private final LongSupplier nanoTime;
  private final Executor afterLastUse;
  private final Set<Db> replaced = ConcurrentHashMap.newKeySet();

  /** Written under the lock, read without it. */
  private volatile Db current;

  /** These are guarded by the lock. */
  private String openedWith;

  private boolean isResting;
  private long restsUntil;

  /**
   * A database that is not open yet.
   *
   * @param address reads the connection string, which may be another one each time
   * @param opener opens what a connection string names
   */
  private LiveDb(Supplier<String> address, Function<String, Db> opener) {
    this(
        address,
        opener,
        System::nanoTime,
        CompletableFuture.delayedExecutor(LAST_USE.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** The database that the settings name, in a process with these environment variables. */
  public static LiveDb of(Settings settings, Map<String, String> environment) {
    return new LiveDb(
        () -> ConnectionSecret.read(settings, environment), uri -> Db.open(uri, settings));
  }

  /** A database that nobody asks where it is. */
  public static LiveDb openedBy(Supplier<Db> opener) {
    return new LiveDb(() -> "", any -> opener.get());
  }

  LiveDb(
      Supplier<String> address,
      Function<String, Db> opener,
      LongSupplier nanoTime,
      Executor afterLastUse) {
    this.address = address;
    this.opener = opener;
    this.nanoTime = nanoTime;
    this.afterLastUse = afterLastUse;
  }

  /**
   * The database, opened if it is not yet.
   *
   * @throws MissingConnectionException when nothing says where it is, or did a moment ago
   */
  public Db db() {
    Db open = current;
    return open != null ? open : open();
  }

  /**
   * Does a task, and does it once more over a connection with the password of now if the server
   * refuses the one it had. So the task has to be harmless when it is repeated, in part or whole,
   * as everything is that Pulso does.
   *
   * @throws MissingConnectionException when there is no password to be had
   */
  public <T> T retrying(Supplier<T> task) {
    Db before = current;
    try {
      return task.get();
    } catch (MongoException e) {
      if (!ServerErrors.isUnauthenticated(e) || !renew(before == null ? db() : before)) {
        throw e;
      }
      return task.get();
    }
  }

  private synchronized Db open() {
    if (current == null) {
      if (rests()) {
        throw new MissingConnectionException("The connection string could not be read just now.");
      }
      // In the end only a failure leaves it resting.
      rest();
      openWith(address.get());
      isResting = false;
    }
    return current;
  }

  /**
   * Opens the database anew, if it is by now to be found with another password or at another place
   * than the one that was refused. Only one of many callers reads the secret, and only so often.
   *
   * @param refused the database as it was opened when its server refused the password
   * @return whether there is another one now
   * @throws MissingConnectionException when nothing says any more where it is
   */
  synchronized boolean renew(Db refused) {
    if (current != refused) {
      return true;
    }
    if (rests()) {
      return false;
    }
    rest();
    String now = address.get();
    if (now.equals(openedWith)) {
      return false;
    }
    openWith(now);
    closeLater(refused);
    return true;
  }

  private void openWith(String connectionString) {
    current = opener.apply(connectionString);
    openedWith = connectionString;
  }

  private void closeLater(Db db) {
    replaced.add(db);
    afterLastUse.execute(() -> closeReplaced(db));
  }

  private void closeReplaced(Db db) {
    if (replaced.remove(db)) {
      db.close();
    }
  }

  private void rest() {
    isResting = true;
    restsUntil = nanoTime.getAsLong() + REST.toNanos();
  }

  private boolean rests() {
    return isResting && nanoTime.getAsLong() - restsUntil < 0;
  }

  /** Closes what is open; the next who asks for it opens it again. */
  @Override
  public synchronized void close() {
    replaced.forEach(this::closeReplaced);
    if (current != null) {
      current.close();
      current = null;
    }
    isResting = false;
  }
}
