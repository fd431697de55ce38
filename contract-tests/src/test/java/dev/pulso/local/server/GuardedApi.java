package dev.pulso.local.server;

import dev.pulso.Pulso;
import dev.pulso.local.server.auth.TokenIssuer;
import dev.pulso.local.server.http.HttpEdge;
import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.http.RouteTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** All routes of the template over one Pulso with tokens, like {@code ./run --auth}. */
public final class GuardedApi implements AutoCloseable {
  private final TokenIssuer issuer = new TokenIssuer(Clock.systemUTC());
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpEdge edge;
  private final List<Route> routes;

  /** Serves on a free loopback port until it is closed. */
  public GuardedApi(Pulso pulso) {
    try {
      edge = new HttpEdge(List.of(InetAddress.getLoopbackAddress()), 0);
    } catch (IOException e) {
      throw new AssertionError("There is no free port.", e);
    }
    routes = Functions.routes(TemplateEdge.TEMPLATE, pulso);
    edge.serve(
        new RouteTable(routes),
        TemplateEdge.TEMPLATE.cors(),
        issuer.authorizer(),
        HttpEdge.GATEWAY_TIME_LIMIT,
        List.of(),
        Optional.empty());
  }

  /** Returns the trusted issuer. */
  public TokenIssuer issuer() {
    return issuer;
  }

  /** Returns the served paths, as in the template. */
  public List<String> paths() {
    return routes.stream().map(Route::path).toList();
  }

  /**
   * Sends a request.
   *
   * @param target raw path and query
   * @param headers alternating names and values
   * @param body empty: none
   */
  public HttpResponse<String> send(
      String method, String target, List<String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + edge.port() + target))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("No answer to " + method + " " + target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    edge.close();
  }
}
