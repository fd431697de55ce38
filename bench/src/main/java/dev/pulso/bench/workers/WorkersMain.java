package dev.pulso.bench.workers;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.pulso.local.database.MongoServer;

/**
 * A race of live workers with uploads and cancels: {@code bench/workers [CANCELS [PROCESSES
 * [SEED]]]}.
 */
public final class WorkersMain {
  private WorkersMain() {}

  public static void main(String[] arguments) {
    int cancels = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
    int processes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
    System.out.println("seed " + seed);
    try (MongoServer server = MongoServer.forTests();
        MongoClient client = MongoClients.create(server.uri())) {
      Standings end =
          new Race(server.uri(), client.getDatabase(Race.databaseName()), cancels, seed)
              .run(processes);
      client.getDatabase(Race.databaseName()).drop();
      System.out.printf(
          "%d processes of 16 workers: %,d jobs uploaded, %,d claims, %d batches cancelled%n"
              + "in the end %s%n"
              + "%d claims landed behind a fence, all by workers that had looked before it%n"
              + "%d jobs waited in cancelled batches at the end, none after two upkeep runs%n",
          processes,
          end.uploaded(),
          end.claims(),
          end.cancels(),
          end.byStatus(),
          end.lateClaims(),
          end.lateReturns());
      end.breaches().forEach(breach -> System.out.println("BROKEN: " + breach));
      System.exit(end.breaches().isEmpty() ? 0 : 1);
    }
  }
}
