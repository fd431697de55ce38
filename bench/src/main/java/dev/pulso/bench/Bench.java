package dev.pulso.bench;

import dev.pulso.bench.coldstart.ColdStartSuite;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.TextTable;
import dev.pulso.bench.suite.AccessSuite;
import dev.pulso.bench.suite.BatchesSuite;
import dev.pulso.bench.suite.CancelSuite;
import dev.pulso.bench.suite.ConnectionsSuite;
import dev.pulso.bench.suite.ListSuite;
import dev.pulso.bench.suite.OperationsSuite;
import dev.pulso.bench.suite.OverviewSuite;
import dev.pulso.bench.suite.PagesSuite;
import dev.pulso.bench.suite.RecountSuite;
import dev.pulso.bench.suite.SoakSuite;
import dev.pulso.bench.suite.StatusSuite;
import dev.pulso.local.database.MongoServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The measurements, as {@code bench/run} starts them. */
public final class Bench {
  private static final int USAGE_ERROR = 2;

  private Bench() {}

  public static void main(String[] arguments) {
    if (List.of(arguments).contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    Options options;
    try {
      options = Options.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
      System.exit(USAGE_ERROR);
      return;
    }
    try (MongoServer server =
            MongoServer.forRun(Path.of(".pulso", "bench"), System.getenv(), System.out::println);
        Lab lab = new Lab(server, System.out, options.jobs())) {
      lab.say("MongoDB: %s", server.origin());
      run(options, lab);
      lab.say("%n%s%n%s", lab.machine(), TextTable.of(lab.report()));
    }
  }

  /** Runs the selected suites. */
  static void run(Options options, Lab lab) {
    Map<String, Runnable> suites = new LinkedHashMap<>();
    suites.put("status", () -> new StatusSuite(lab).run());
    suites.put("overview", () -> new OverviewSuite(lab).run());
    suites.put("batches", () -> new BatchesSuite(lab).run());
    suites.put("pages", () -> new PagesSuite(lab).run());
    suites.put("list", () -> new ListSuite(lab).run());
    suites.put("recount", () -> new RecountSuite(lab).run());
    suites.put("cancel", () -> new CancelSuite(lab).run());
    suites.put("operations", () -> new OperationsSuite(lab).run());
    suites.put("coldstart", () -> new ColdStartSuite(lab).run());
    suites.put("connections", () -> new ConnectionsSuite(lab).run());
    suites.put("access", () -> new AccessSuite(lab).run());
    suites.put("soak", () -> new SoakSuite(lab).run(Duration.ofMinutes(options.minutes())));
    suites.forEach(
        (name, suite) -> {
          if (options.wants(name)) {
            lab.say("%n== %s", name);
            suite.run();
          }
        });
  }
}
