package dev.pulso.contract;

import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.server.GuardedApi;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.Documented;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Calls the API over HTTP with tokens. Every answer must be in openapi.yaml. */
final class TokenApi implements AutoCloseable {
  private static final String ROOT = "/api/v1";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final GuardedApi api;
  private final Callers callers;

  TokenApi(Pulso pulso) {
    api = new GuardedApi(pulso);
    callers = new Callers(api.issuer());
  }

  /** Returns the served paths, as in the template. */
  List<String> paths() {
    return api.paths();
  }

  Reply get(String caller, String path, String... headers) {
    return send(caller, "GET", path, headers);
  }

  Reply post(String caller, String path) {
    return send(caller, "POST", path);
  }

  /** Sends this JSON. */
  Reply post(String caller, String path, String json) {
    return sendBody(caller, "POST", path, json, "Content-Type", "application/json");
  }

  Reply send(String caller, String method, String path, String... headers) {
    return Eventually.answer(
        SOON,
        () -> sendBody(caller, method, path, "", headers),
        // A busy server leaves the rest of a cancel to later.
        reply -> reply.status() != 202 || !path.contains("/cancel"));
  }

  private Reply sendBody(
      String caller, String method, String path, String body, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    callers.authorization(caller).ifPresent(value -> all.addAll(List.of("Authorization", value)));
    HttpResponse<String> response = api.send(method, ROOT + path, all, body);
    return Reply.of(Documented.check(method, response.uri().getPath(), Answer.of(response)));
  }

  @Override
  public void close() {
    api.close();
  }
}
