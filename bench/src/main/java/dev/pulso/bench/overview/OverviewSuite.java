package dev.pulso.bench.overview;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.load.Installation;
import dev.pulso.bench.measure.Contender;
import dev.pulso.bench.measure.Samples;
import dev.pulso.bench.report.Finding;
import dev.pulso.bench.report.Row;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** The overview at growing sizes, against the aggregation that everybody writes instead. */
public final class OverviewSuite {
  private static final String SUITE = "overview";
  private static final long[] SIZES = {100_000, 1_000_000, 3_000_000, 10_000_000};
  private static final String OURS = "Pulso overview";
  private static final String OURS_OF_ONE = "Pulso overview, one account";
  private static final String FACET = "$facet over jobs";
  private static final String FACET_OF_ONE = "$facet, one account";

  private final Lab lab;

  public OverviewSuite(Lab lab) {
    this.lab = lab;
  }

  /** Whether a row belongs to the growth curves: ours, and the {@code $facet} as it stands. */
  public static boolean isDrawn(Row row) {
    return List.of(OURS, OURS_OF_ONE, FACET, FACET_OF_ONE).contains(row.what());
  }

  /** Measures at every usual size up to this one. */
  public void run(long jobs) {
    Map<Long, Double> ours = new TreeMap<>();
    for (long size :
        LongStream.concat(LongStream.of(SIZES).filter(s -> s < jobs), LongStream.of(jobs))
            .toArray()) {
      ours.put(size, measure(size));
    }
    Long smallest = ours.keySet().iterator().next();
    if (smallest < jobs) {
      lab.report()
          .add(
              Finding.atMost(
                  SUITE,
                  jobs,
                  "overview against overview at %,d jobs".formatted(smallest),
                  ours.get(jobs) / ours.get(smallest),
                  5));
    }
  }

  private double measure(long jobs) {
    lab.title("overview, %,d jobs".formatted(jobs));
    MongoDatabase database = lab.installation(jobs);
    Instant midnight =
        Instant.now().atZone(ZoneOffset.UTC).toLocalDate().atStartOfDay().toInstant(ZoneOffset.UTC);
    FacetOverview facet = new FacetOverview(database, midnight);
    CountedOverview counts = new CountedOverview(database, midnight);
    Optional<String> account = Optional.of(Installation.accountId(3));
    Figures truth = facet.read(Optional.empty());
    new FirstOverview(lab).measure(database, jobs, truth);

    DashboardOverviewHandler handler = new DashboardOverviewHandler(lab.pulso(database));
    Map<String, Samples> times =
        lab.inTurn(jobs)
            .run(
                List.of(
                    new Contender(OURS, () -> answer(handler, "")),
                    new Contender(
                        OURS_OF_ONE, () -> answer(handler, "account_id=" + account.get())),
                    new Contender(FACET, () -> facet.read(Optional.empty())),
                    new Contender("$facet hinted to an index", facet::readCovered),
                    new Contender("a count per status", () -> counts.read(Optional.empty())),
                    new Contender(FACET_OF_ONE, () -> facet.read(account)),
                    new Contender("a count per status, one account", () -> counts.read(account))));
    lab.report().add(SUITE, jobs, times);
    boolean exact =
        ask(handler, "").equals(truth)
            && ask(handler, "account_id=" + account.get()).equals(facet.read(account));
    findings(jobs, times, exact);
    return times.get(OURS).median();
  }

  private void findings(long jobs, Map<String, Samples> times, boolean exact) {
    lab.report().add(Finding.must(SUITE, jobs, "overview exact, with and without account", exact));
    double all = times.get(FACET).median() / times.get(OURS).median();
    double one = times.get(FACET_OF_ONE).median() / times.get(OURS_OF_ONE).median();
    String what = "overview against the $facet";
    String whatOfOne = "  the same for one account";
    if (jobs >= 1_000_000) {
      lab.report().add(Finding.atLeast(SUITE, jobs, what, all, 500));
      lab.report().add(Finding.atLeast(SUITE, jobs, whatOfOne, one, 100));
    } else {
      lab.report().add(Finding.note(SUITE, jobs, what, "%.1f times".formatted(all)));
      lab.report().add(Finding.note(SUITE, jobs, whatOfOne, "%.1f times".formatted(one)));
    }
  }

  private static Figures ask(DashboardOverviewHandler handler, String query) {
    return Figures.ofAnswer(answer(handler, query));
  }

  private static String answer(DashboardOverviewHandler handler, String query) {
    return handler.handleRequest(Events.overview(query), null).getBody();
  }
}
