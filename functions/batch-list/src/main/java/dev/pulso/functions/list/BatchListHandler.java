package dev.pulso.functions.list;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.list.BatchList.Page;
import dev.pulso.list.BatchRow;
import dev.pulso.list.ListQuery;
import dev.pulso.observe.Observation;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import java.util.Map;
import java.util.Optional;

/** GET /api/v1/batches: the batches that the caller may see, page by page. */
public final class BatchListHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchListHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public BatchListHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "batch-list", "GET");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    Optional<String> account = request.accountId();
    Accounts accounts = caller.readable(account);
    Observation.current().account(account);
    ListQuery query = ListQuery.parse(accounts, request::queryParameter);
    Page page = pulso.ask(all -> all.list().page(query, deadline));
    return Answers.revalidated(
        request,
        page.next().map(next -> Map.of("Link", request.linkToNext(next))).orElse(Map.of()),
        JsonWriter.array(page.rows(), BatchRow::write));
  }
}
