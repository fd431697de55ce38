package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.MongoServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./run --auth}, used from a shell. */
class RunAuthIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path home;

  @Test
  void tokensGrantExactlyTheirRights() throws Exception {
    MongoServer server = MongoServer.forTests();
    String name = "run_" + UUID.randomUUID().toString().substring(0, 8);
    Map<String, String> given =
        Map.of("MONGODB_URI", server.uri(), "MONGODB_DATABASE", name, "ALLOW_ANONYMOUS", "true");
    try (MongoClient client = MongoClients.create(server.uri());
        HttpClient http = HttpClient.newHttpClient()) {
      MongoDatabase database = client.getDatabase(name);
      database
          .getCollection("batches")
          .insertOne(
              new Document("batch_id", "batch-1")
                  .append("account_id", "acc-chile-001")
                  .append("is_active", true));
      try (RunProcess run = RunProcess.start(home, given, "--auth", "--no-demo", "--port", "0")) {
        String batch = "http://localhost:" + run.awaitReady() + "/api/v1/batches/batch-1/";
        Map<String, String> tokens = tokens();
        assertThat(tokens)
            .containsOnlyKeys(
                "reader", "operator", "other", "all", "expired", "wrong-issuer", "wrong-key");

        String people = "http://localhost:" + run.awaitReady() + "/demo/tokens";
        assertThat(sent(http, request(people, Optional.empty())))
            .as("tokens of a database that is not ours: no such page")
            .isEqualTo(401);

        HttpRequest.Builder status = request(batch + "status", Optional.empty());
        assertThat(sent(http, status)).isEqualTo(401);
        for (Map.Entry<String, Integer> user :
            Map.of(
                    "reader",
                    200,
                    "operator",
                    200,
                    "all",
                    200,
                    "other",
                    404,
                    "expired",
                    401,
                    "wrong-issuer",
                    401,
                    "wrong-key",
                    401)
                .entrySet()) {
          Optional<String> token = Optional.of(tokens.get(user.getKey()));
          assertThat(sent(http, request(batch + "status", token)))
              .as(user.getKey())
              .isEqualTo(user.getValue());
        }
        assertThat(cancelled(http, batch, tokens.get("reader"))).isEqualTo(403);
        assertThat(cancelled(http, batch, pasted(run))).isEqualTo(200);
      }
      database.drop();
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 200", "0.0.0.0, 401"})
  void onlyLoopbackOffersTokens(String host, int answer) throws Exception {
    try (RunProcess run =
            RunProcess.start(home, Map.of(), "--auth", "--no-demo", "--port", "0", "--host", host);
        HttpClient http = HttpClient.newHttpClient()) {
      String people = "http://127.0.0.1:" + run.awaitReady() + "/demo/tokens";
      assertThat(sent(http, request(people, Optional.empty()))).isEqualTo(answer);
    }
  }

  private Map<String, String> tokens() throws IOException {
    Path file = home.resolve("tokens.json");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    return JsonMapper.builder()
        .build()
        .readValue(Files.readString(file), new TypeReference<Map<String, String>>() {});
  }

  /** Returns the token in the suggested cancel command. */
  private static String pasted(RunProcess run) throws IOException {
    String line =
        run.output().stream().filter(text -> text.contains("/cancel")).findFirst().orElseThrow();
    assertThat(line).contains("-H \"Authorization: Bearer $(cat ", "/tokens/operator)\"");
    String file = line.replaceFirst(".*\\$\\(cat ", "").replaceFirst("\\)\".*", "");
    return Files.readString(Path.of(file)).strip();
  }

  private static HttpRequest.Builder request(String url, Optional<String> token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return request;
  }

  private static int cancelled(HttpClient http, String batch, String token) {
    return sent(http, request(batch + "cancel", Optional.of(token)).POST(BodyPublishers.noBody()));
  }

  /** Sends it again while the database is too busy for an answer, or for a whole cancel. */
  private static int sent(HttpClient http, HttpRequest.Builder request) {
    return Eventually.answer(
        PATIENCE,
        () -> http.send(request.build(), BodyHandlers.discarding()).statusCode(),
        status -> status != 503 && status != 202);
  }
}
