package dev.pulso.local.server.http;

import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses requests that name another host. A page of another site whose name is made to lead to
 * this machine (DNS rebinding) may read what it asks for, but cannot help naming that site.
 */
final class HostGuard extends Handler.Wrapper {
  private final Predicate<String> hosts;

  HostGuard(Predicate<String> hosts, Handler guarded) {
    super(guarded);
    this.hosts = hosts;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String host = Request.getServerName(request);
    if (hosts.test(host)) {
      return super.handle(request, response, callback);
    }
    // Nobody reads its body.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    Answer.send(Answer.prepare(EdgeProblems.otherHost(host), response), response, callback);
    return true;
  }
}
