package dev.pulso.local.server.http;

import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers GET and HEAD of one page; other requests go to the next handler. */
final class PageHandler extends Handler.Abstract {
  private final Page page;

  PageHandler(Page page) {
    this.page = page;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    boolean isAsked =
        path != null
            && page.paths().test(path)
            && (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod()))
            && page.hosts().test(Request.getServerName(request));
    if (isAsked) {
      response.setStatus(200);
      page.headers().forEach(response.getHeaders()::put);
      Answer.send(page.content().get(), response, callback);
    }
    return isAsked;
  }
}
