package dev.pulso.mongo;

import com.mongodb.MongoClientSettings;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The database of one process. Opens it on first use, and again after the server refuses the
 * password: a rotation changes only the secret and deploys nothing.
 *
 * <p>Safe for use by several threads. Access to an open database takes no lock; one thread at a
 * time reads the secret and replaces the client.
 */
public final class LiveDb implements AutoCloseable {
  /** Minimum time between failed attempts to read the secret, however many requests ask. */
  static final Duration REST = Duration.ofSeconds(5);

  /** Longer than any request, so a request can finish on the client it began with. */
  private static final Duration LAST_USE = Duration.ofMinutes(1);

  private final Supplier<String> address;
  private final Function<String, Db> opener;
  private final LongSupplier nanoTime;
  private final Executor afterLastUse;
  private final Set<Db> replaced = ConcurrentHashMap.newKeySet();

  /** Written under the lock, read without it. */
  private volatile Db current;

  /** Guarded by this, like the fields below. */
  private String openedWith;

  private boolean isResting;
  private long restsUntil;

  /**
   * Creates a database that is not open yet.
   *
   * @param address reads the connection string, which may change between calls
   * @param opener opens the database of a connection string
   */
  private LiveDb(Supplier<String> address, Function<String, Db> opener) {
    this(
        address,
        opener,
        System::nanoTime,
        CompletableFuture.delayedExecutor(LAST_USE.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Returns the database of these settings and environment variables. */
  public static LiveDb of(Settings settings, Map<String, String> environment) {
    return new LiveDb(
        () -> ConnectionSecret.read(settings, environment), uri -> Db.open(uri, settings));
  }

  /**
   * Returns the database of the connection string in these settings, with client settings that the
   * caller may adjust.
   */
  public static LiveDb of(Settings settings, Consumer<MongoClientSettings.Builder> lastWord) {
    return openedBy(() -> Db.open(settings.mongoUri().orElseThrow(), settings, lastWord));
  }

  /** Returns a database without a secret. */
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
   * Returns the database, and opens it first if necessary.
   *
   * @throws MissingConnectionException when there is no connection string, or there was none a
   *     moment ago
   */
  public Db db() {
    Db open = current;
    return open != null ? open : open();
  }

  /**
   * Runs a task. If the server refuses the password, reads the secret again and runs the task once
   * more. So the task must be safe to repeat, also after part of it is done.
   *
   * @throws MissingConnectionException when the secret cannot be read
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
        throw new MissingConnectionException(
            "The connection string could not be read a moment ago.");
      }
      // Cleared after success, so only a failure delays the next attempt.
      rest();
      openWith(address.get());
      isResting = false;
    }
    return current;
  }

  /**
   * Opens the database again if the secret has changed since the refused attempt. Of many callers
   * only one reads the secret, at most once per {@link #REST}.
   *
   * @param refused the database whose server refused the password
   * @return whether there is a new one
   * @throws MissingConnectionException when the secret cannot be read
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

  /** Closes the client; the next use opens it again. */
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
