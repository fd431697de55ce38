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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The measurements, as {@code bench/run} starts them. */
public final class Bench {
  /** Runs only when it is named. */
  private static final String SOAK = "soak";

  private static final String USAGE =
      """
      usage: bench/run [--jobs N] [--only SUITE]

        --jobs N       size of the installation (default 1000000); the overview is also measured
                       at smaller sizes
        --only SUITE   without it all suites run but the soak

      Suites: %s.

      Uses the server of MONGODB_URI, in databases whose names begin with pulso_bench, or starts
      one; its data stay under .pulso/bench for the next run.
      """;

  static final Map<String, Consumer<Lab>> SUITES = new LinkedHashMap<>();

  static {
    SUITES.put("status", lab -> new StatusSuite(lab).run());
    SUITES.put("overview", lab -> new OverviewSuite(lab).run());
    SUITES.put("batches", lab -> new BatchesSuite(lab).run());
    SUITES.put("pages", lab -> new PagesSuite(lab).run());
    SUITES.put("list", lab -> new ListSuite(lab).run());
    SUITES.put("recount", lab -> new RecountSuite(lab).run());
    SUITES.put("cancel", lab -> new CancelSuite(lab).run());
    SUITES.put("operations", lab -> new OperationsSuite(lab).run());
    SUITES.put("coldstart", lab -> new ColdStartSuite(lab).run());
    SUITES.put("connections", lab -> new ConnectionsSuite(lab).run());
    SUITES.put("access", lab -> new AccessSuite(lab).run());
    SUITES.put(SOAK, lab -> new SoakSuite(lab).run());
  }

  private Bench() {}

  public static void main(String[] given) {
    Arguments arguments =
        Arguments.of(
            USAGE.formatted(String.join(", ", SUITES.keySet())),
            Map.of("--jobs", 1_000_000L),
            SUITES.keySet(),
            given);
    try (MongoServer server =
            MongoServer.forRun(Path.of(".pulso", "bench"), System.getenv(), System.out::println);
        Lab lab = new Lab(server, System.out, arguments.number("--jobs"))) {
      lab.say("MongoDB: %s", server.origin());
      SUITES.forEach(
          (name, suite) -> {
            if (arguments.only().map(name::equals).orElse(!name.equals(SOAK))) {
              lab.say("%n== %s", name);
              suite.accept(lab);
            }
          });
      lab.say("%n%s%n%s", lab.machine(), TextTable.of(lab.report()));
    }
  }
}
