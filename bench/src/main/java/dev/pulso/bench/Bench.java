package dev.pulso.bench;

import dev.pulso.bench.access.ForeignBatchSuite;
import dev.pulso.bench.batches.BatchesSuite;
import dev.pulso.bench.cancel.CancelSuite;
import dev.pulso.bench.coldstart.ColdStartSuite;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Machine;
import dev.pulso.bench.lab.Options;
import dev.pulso.bench.overview.OverviewSuite;
import dev.pulso.bench.recount.RecountSuite;
import dev.pulso.bench.report.GrowthCurves;
import dev.pulso.bench.report.Report;
import dev.pulso.bench.report.TextTable;
import dev.pulso.bench.soak.SoakSuite;
import dev.pulso.bench.status.StatusSuite;
import dev.pulso.local.database.MongoServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The measurements, as {@code bench/run} starts them. */
public final class Bench {
  private static final int USAGE_ERROR = 2;

  private Bench() {}

  public static void main(String[] arguments) throws IOException {
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
    PrintStream out = System.out;
    try (MongoServer server =
            MongoServer.forRun(Path.of(".pulso", "bench"), System.getenv(), out::println);
        Lab lab = new Lab(server, out)) {
      out.println("MongoDB: " + server.origin());
      run(options, lab);
      out.printf("%n%s%n%s%n", Machine.describe(lab.client()), TextTable.of(lab.report()));
      if (options.out().isPresent()) {
        draw(lab.report(), options.out().get());
      }
    }
  }

  /** Every measurement that is wanted, the quiet ones first. */
  public static void run(Options options, Lab lab) {
    if (options.wants("status")) {
      new StatusSuite(lab).run(options.jobs());
    }
    if (options.wants("overview")) {
      new OverviewSuite(lab).run(options.jobs());
    }
    if (options.wants("batches")) {
      new BatchesSuite(lab).run(options.jobs());
    }
    if (options.wants("recount")) {
      new RecountSuite(lab).run(options.jobs());
    }
    if (options.wants("cancel")) {
      new CancelSuite(lab).run(options.jobs());
    }
    if (options.wants("coldstart")) {
      new ColdStartSuite(lab).run(options.jobs());
    }
    if (options.wants("access")) {
      new ForeignBatchSuite(lab).run(options.jobs());
    }
    if (options.wants("soak")) {
      new SoakSuite(lab).run(Duration.ofMinutes(options.minutes()));
    }
  }

  private static void draw(Report report, Path file) throws IOException {
    Files.writeString(
        file,
        GrowthCurves.of(report, OverviewSuite::isDrawn, "Overview: time against number of jobs"));
  }
}
