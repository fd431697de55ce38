package dev.pulso.bench.soak;

import com.mongodb.client.MongoDatabase;
import dev.pulso.batch.Batches;
import dev.pulso.bench.status.DriverStatus;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The same users reading the same documents, but nobody recounts: what the rest costs. */
final class Plain {
  private static final long SECOND = 1_000_000_000L;

  private final DriverStatus driver;
  private final List<String> batchIds;

  Plain(MongoDatabase database, List<String> batchIds) {
    this.driver = new DriverStatus(database, Batches.POLLED);
    this.batchIds = batchIds;
  }

  void poll(int poller, Workers.Stop stop) {
    long next = System.nanoTime() + poller * SECOND / 200;
    while (!stop.isDue()) {
      LockSupport.parkNanos(next - System.nanoTime());
      next += SECOND;
      driver.read(batchIds.get(poller % batchIds.size()));
    }
  }
}
