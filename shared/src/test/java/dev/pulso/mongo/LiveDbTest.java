package dev.pulso.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.event.ClusterClosedEvent;
import com.mongodb.event.ClusterListener;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveDbTest {
  /** A port without a listener: clients are made and closed, and nothing is sent. */
  private static final String OLD = "mongodb://user:old@127.0.0.1:1/";

  private static final String NEW = "mongodb://user:new@127.0.0.1:1/";

  private static final int THREADS = 8;

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000);
  private volatile String secret = OLD;
  private final List<Runnable> later = new ArrayList<>();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final LiveDb live = new LiveDb(this::read, this::open, nanoTime::get, later::add);

  private String read() {
    reads.incrementAndGet();
    if (secret.isEmpty()) {
      throw new MissingConnectionException("The secret can't be read.");
    }
    return secret;
  }

  private Db open(String uri) {
    ClusterListener listener =
        new ClusterListener() {
          @Override
          public void clusterClosed(ClusterClosedEvent event) {
            closed.add(uri);
          }
        };
    return Db.open(
        uri,
        Settings.from(Map.of()),
        client -> client.applyToClusterSettings(c -> c.addClusterListener(listener)));
  }

  @AfterEach
  void close() {
    live.close();
  }

  @Test
  void secretIsReadOnce() throws Exception {
    Set<Db> opened = new HashSet<>(atOnce(live::db));
    assertThat(opened).hasSize(1).contains(live.db());
    assertThat(reads).hasValue(1);
  }

  @Test
  void changedPasswordReopensOnceForAll() throws Exception {
    Db old = live.db();
    secret = NEW;
    assertThat(atOnce(() -> live.renew(old))).containsOnly(true);
    assertThat(live.db()).isNotSameAs(old);
    assertThat(reads).hasValue(2);
  }

  @Test
  void oldClientFinishesItsRequests() throws Exception {
    Db old = live.db();
    secret = NEW;
    live.renew(old);
    assertThat(closed).isEmpty();
    later.forEach(Runnable::run);
    assertThat(nextClosed()).isEqualTo(OLD);
    live.close();
    assertThat(nextClosed()).isEqualTo(NEW);
  }

  @Test
  void closingClosesReplacedClients() throws Exception {
    Db old = live.db();
    secret = NEW;
    live.renew(old);
    live.close();
    assertThat(List.of(nextClosed(), nextClosed())).containsExactlyInAnyOrder(OLD, NEW);
  }

  /** Waits for the event, which the driver sends from another thread. */
  private String nextClosed() throws InterruptedException {
    return closed.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void repeatedRefusalsReadSecretAtIntervals() {
    Db old = live.db();
    for (int i = 0; i < 100; i++) {
      assertThat(live.renew(old)).isFalse();
    }
    assertThat(reads).hasValue(2);
    secret = NEW;
    pass(LiveDb.REST.minusMillis(1));
    assertThat(live.renew(old)).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(live.renew(old)).isTrue();
    assertThat(reads).hasValue(3);
    assertThat(live.db()).isNotSameAs(old);
  }

  @Test
  void missingSecretIsReadAtIntervals() {
    secret = "";
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(live::db).isInstanceOf(MissingConnectionException.class);
    }
    assertThat(reads).hasValue(1);
    secret = OLD;
    pass(LiveDb.REST);
    assertThat(live.db()).isNotNull();
    assertThat(reads).hasValue(2);
  }

  @Test
  void invalidSecretKeepsOldClient() {
    Db old = live.db();
    secret = "no address";
    assertThatThrownBy(() -> live.renew(old)).isInstanceOf(MissingConnectionException.class);
    assertThat(live.db()).isSameAs(old);
    secret = NEW;
    pass(LiveDb.REST);
    assertThat(live.renew(old)).isTrue();
  }

  @Test
  void closedDatabaseReopensAtOnce() {
    Db first = live.db();
    assertThat(live.renew(first)).isFalse();
    live.close();
    assertThat(live.db()).isNotSameAs(first);
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  private static <T> List<T> atOnce(Callable<T> task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      for (Future<T> future : futures) {
        results.add(future.get());
      }
    }
    return results;
  }
}
