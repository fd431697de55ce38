package dev.pulso.bench.overview;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.report.Finding;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.Optional;

/** What happens on the first day: nothing was ever counted, and no index of Pulso's is there. */
final class FirstOverview {
  private static final String SUITE = "overview";
  private static final double GATEWAY_SECONDS = 30;
  private static final Duration UPKEEP = Duration.ofSeconds(47);
  private static final int MOST_RUNS = 30;
  private static final long EXACT_AFTER_ONE = 1_000_000;

  private final Lab lab;

  FirstOverview(Lab lab) {
    this.lab = lab;
  }

  void measure(MongoDatabase database, long jobs, Figures truth) {
    Uncounted.make(database);
    Pulso pulso = lab.pulso(database);
    DashboardOverviewHandler handler = new DashboardOverviewHandler(pulso);
    long begun = System.nanoTime();
    APIGatewayV2HTTPResponse first = handler.handleRequest(Events.overview(""), null);
    double seconds = (System.nanoTime() - begun) / 1e9;
    String said = first.getHeaders().get("Pulso-Counting");
    boolean exact = first.getStatusCode() == 200 && Figures.ofAnswer(first.getBody()).equals(truth);
    lab.report()
        .add(
            Finding.atMost(
                SUITE, jobs, "first overview ever, no index yet", seconds, GATEWAY_SECONDS, "s"));
    lab.report()
        .add(
            Finding.must(
                SUITE,
                jobs,
                "  it was exact, or said that it is still counting",
                exact || "in-progress".equals(said)));
    untilExact(pulso, handler, jobs, truth);
  }

  private void untilExact(Pulso pulso, DashboardOverviewHandler handler, long jobs, Figures truth) {
    long begun = System.nanoTime();
    for (int run = 1; run <= MOST_RUNS; run++) {
      UpkeepReport report = pulso.runUpkeep(UPKEEP);
      lab.out()
          .printf(
              "upkeep %d: %.1f s, %d groups counted, %d left, indexes made: %s%n",
              run,
              report.took().toMillis() / 1e3,
              report.groupsRecounted(),
              report.groupsUncounted(),
              report.indexesMade().size());
      Figures now = Figures.ofAnswer(handler.handleRequest(Events.overview(""), null).getBody());
      if (now.equals(truth)) {
        String took = "%d run(s), %.1f s".formatted(run, (System.nanoTime() - begun) / 1e9);
        lab.report()
            .add(
                new Finding(
                    SUITE,
                    jobs,
                    "  exact after upkeep, indexes included",
                    took,
                    jobs <= EXACT_AFTER_ONE ? Optional.of("1 run") : Optional.empty(),
                    jobs > EXACT_AFTER_ONE || run == 1));
        return;
      }
    }
    lab.report().add(Finding.must(SUITE, jobs, "  exact after upkeep", false));
  }
}
