package dev.pulso.functions.overview;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.Rounding;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.json.JsonWriter;
import dev.pulso.observe.Observation;
import dev.pulso.overview.AccountView;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** GET /api/v1/dashboard/overview: the figures of an account, or of all. */
public final class DashboardOverviewHandler extends ApiHandler {
  private final Pulso pulso;

  /** For Lambda. */
  public DashboardOverviewHandler() {
    this(Pulso.fromEnvironment());
  }

  /** With a Pulso that the caller made, and closes. */
  public DashboardOverviewHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "dashboard-overview", "GET");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    Optional<String> accountId = request.queryParameter("account_id").filter(id -> !id.isBlank());
    Overview overview = pulso.overview().overview(View.of(caller, accountId), deadline);
    Observation.current().account(overview.account().map(AccountView::accountId));
    // When the figures were taken changes at each look, whether or not they did.
    return Answers.tagged(
        request,
        Map.of(
            "Cache-Control",
            "private, max-age=" + pulso.settings().overviewCache().toSeconds(),
            "Pulso-Counting",
            overview.isComplete() ? "complete" : "in-progress"),
        json -> write(json, overview, Optional.empty()),
        json -> write(json, overview, Optional.of(overview.takenAt())));
  }

  private static void write(JsonWriter json, Overview overview, Optional<Instant> takenAt) {
    Overview.Jobs jobs = overview.jobs();
    Overview.Batches batches = overview.batches();
    BigDecimal successRate = Rounding.percentage(jobs.completed(), jobs.totalFinished());
    json.flag("success", true)
        .time("timestamp", takenAt)
        .object("account", overview.account(), DashboardOverviewHandler::account)
        .object(
            "metrics",
            metrics ->
                metrics
                    .number("jobs_today", jobs.today())
                    .number("success_rate_percentage", successRate)
                    .number("active_batches", batches.active())
                    .number("pending_jobs", jobs.pending()))
        .object(
            "detailed_stats",
            stats ->
                stats
                    .object(
                        "jobs",
                        j ->
                            j.number("today", jobs.today())
                                .number("pending", jobs.pending())
                                .number("completed", jobs.completed())
                                .number("failed", jobs.failed())
                                .number("total_finished", jobs.totalFinished()))
                    .object(
                        "batches",
                        b ->
                            b.number("active_count", batches.active())
                                .number("total_jobs", batches.totalJobs())
                                .number("total_cost", batches.cost())
                                .number("total_minutes", batches.minutes())));
  }

  private static void account(JsonWriter json, AccountView account) {
    json.text("account_id", account.accountId())
        .text("name", account.name())
        .text("status", account.status())
        .number("balance", account.balance())
        .text("billing_type", account.billingType());
  }
}
