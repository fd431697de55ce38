package dev.pulso.bench.workers;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process of dialer workers. Works until its standard input ends, ends the calls that are under
 * way, and then says on standard output how many jobs it claimed.
 */
public final class WorkerMain {
  private static final int WORKERS = 16;

  private WorkerMain() {}

  /**
   * @param arguments connection string, database, seed
   */
  public static void main(String[] arguments) throws Exception {
    AtomicBoolean working = new AtomicBoolean(true);
    AtomicLong claims = new AtomicLong();
    try (MongoClient client = MongoClients.create(arguments[0])) {
      MongoDatabase database = client.getDatabase(arguments[1]);
      try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
        for (int i = 0; i < WORKERS; i++) {
          Worker worker = new Worker(database, Long.parseLong(arguments[2]) * WORKERS + i);
          threads.submit(
              () -> {
                while (working.get()) {
                  claims.addAndGet(worker.round());
                }
                return null;
              });
        }
        while (System.in.read() >= 0) {
          // Whoever started this says nothing, and closes the pipe when it is enough.
        }
        working.set(false);
      }
    }
    System.out.println(claims.get());
  }
}
