package dev.pulso.functions.accounts;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.overview.AccountView;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import java.util.List;
import java.util.Map;

/** GET /api/v1/accounts: the accounts that the caller may see. */
public final class AccountListHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public AccountListHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public AccountListHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "account-list", "GET");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    Accounts visible = caller.readable();
    List<AccountView> accounts = pulso.ask(all -> all.accounts().accounts(visible));
    return Answers.revalidated(request, Map.of(), JsonWriter.array(accounts, AccountView::write));
  }
}
