package dev.pulso.functions.overview;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.observe.CacheUse;
import dev.pulso.observe.Observation;
import dev.pulso.overview.OverviewPage;
import dev.pulso.overview.OverviewSource;
import dev.pulso.overview.Page;
import dev.pulso.overview.Served;
import dev.pulso.overview.View;
import dev.pulso.redis.RedisSharing;
import dev.pulso.time.Deadline;
import java.util.HashMap;
import java.util.Map;

/** GET /api/v1/dashboard/overview: the figures of one account, or of all. */
public final class DashboardOverviewHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public DashboardOverviewHandler() {
    // A method reference would load RedisSharing even without a Redis.
    this(ColdStart.pulso(settings -> RedisSharing.open(settings)));
  }

  /** Uses a Pulso that the caller closes. */
  public DashboardOverviewHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "dashboard-overview", "GET");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    View view = View.of(caller, request.accountId());
    Observation.current().account(view.account());
    Served served = pulso.sharing().overviews().get(view, deadline, source(view, deadline));
    if (!pulso.settings().overviewCache().isZero()) {
      Observation.current().cache(served.use());
    }
    return Answers.tagged(request, served.tag(), headers(served), served.page().body());
  }

  private OverviewSource source(View view, Deadline deadline) {
    return new OverviewSource() {
      @Override
      public Page compute() {
        return OverviewPage.of(pulso.ask(all -> all.overview().overview(view, deadline)));
      }

      @Override
      public boolean isCurrent(Page page) {
        return pulso.ask(all -> all.overview().isCurrent(view, page.readAt()));
      }
    };
  }

  private Map<String, String> headers(Served served) {
    Map<String, String> headers = new HashMap<>();
    // Two users of one browser see different figures at the same URL.
    headers.put("Vary", "Authorization");
    headers.put("Pulso-Counting", served.page().isComplete() ? "complete" : "in-progress");
    long maxAge = served.maxAge(pulso.settings().overviewCache());
    headers.put("Cache-Control", "private, max-age=" + maxAge);
    if (served.use() == CacheUse.STALE) {
      headers.put("Warning", "110 - \"Response is Stale\"");
    }
    return headers;
  }
}
