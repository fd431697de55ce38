package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.MongoServer;
import dev.pulso.mongo.LiveDb;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures of the secrets extension. */
class SecretsExtensionIT {
  private static final Duration PROMISED = Duration.ofSeconds(5);

  private SecretsExtension extension;
  private Pulso pulso;
  private Api api;

  @BeforeEach
  void open() throws IOException {
    extension = new SecretsExtension();
    pulso = another();
    api = new Api(pulso);
  }

  private Pulso another() {
    Settings settings =
        Settings.from(Map.of("MONGODB_SECRET_ID", SecretsExtension.ARN, "ALLOW_ANONYMOUS", "true"));
    return Pulso.open(
        Pulso.Options.of(settings).withDatabase(LiveDb.of(settings, extension.environment())));
  }

  @AfterEach
  void close() {
    pulso.close();
    extension.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, not ready to serve traffic",
    "403, AccessDeniedException",
    "404, ResourceNotFoundException",
    "500, ''",
    "302, elsewhere",
    "200, ''",
    "200, <html>",
    "200, '{\"SecretBinary\": \"bW9uZ29kYg==\"}'",
    "200, '{\"SecretString\": \"mongodb://user:pl4nted@db'",
  })
  void invalidAnswersAre503(int status, String body) {
    extension.answer(status, body);
    isUnavailable();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pl4nted",
        "mongodb://",
        "mongodb://user:pl4nted@pl4nted:x@db/",
        "mongodb://user@db.example/",
        "mongodb://user:pl4nted@db.example:99999/",
        "http://user:pl4nted@db.example/",
        "{\"username\": \"user\", \"password\": \"pl4nted\"}",
        "{\"uri\": \"mongodb://db.example/\", \"username\": \"user\"}",
        "{\"uri\"",
      })
  void invalidSecretIs503(String secret) {
    extension.secret(secret);
    isUnavailable();
  }

  private void isUnavailable() {
    Reply reply = api.status("b").problem(503, "DATABASE_UNAVAILABLE");
    assertThat(reply.headers()).containsKey("Retry-After");
    assertThat(reply.body() + reply.headers()).doesNotContain("pl4nted", "user", "secret", "aws");
    api.overview().problem(503, "DATABASE_UNAVAILABLE");
    // Not once per request. On a very slow machine twice, or not before the function gives up.
    Eventually.isTrue(Duration.ofSeconds(20), () -> extension.reads() > 0);
    assertThat(extension.reads()).isLessThanOrEqualTo(2);
  }

  @Test
  void silentExtensionIs503InTime() {
    // On a busy machine, the first answer of a JVM may need seconds for its classes.
    extension.answer(500, "");
    try (Pulso warm = another()) {
      new Api(warm).status("b").problem(503, "DATABASE_UNAVAILABLE");
    }
    extension.silence();
    // The machine may stand still during one of them.
    assertThat(
            Stream.generate(this::timeOfAnswer)
                .limit(3)
                .anyMatch(time -> time.compareTo(PROMISED) < 0))
        .isTrue();
  }

  /** Returns how long a new process waits for the extension before it answers 503. */
  private Duration timeOfAnswer() {
    int before = extension.reads();
    try (Pulso process = another()) {
      CompletableFuture<Reply> reply =
          CompletableFuture.supplyAsync(() -> new Api(process).status("b"));
      Eventually.isTrue(Duration.ofSeconds(20), () -> extension.reads() > before);
      long start = System.nanoTime();
      reply.join().problem(503, "DATABASE_UNAVAILABLE");
      return Duration.ofNanos(System.nanoTime() - start);
    }
  }

  @Test
  void missingExtensionIs503() {
    extension.close();
    api.status("b").problem(503, "DATABASE_UNAVAILABLE");
  }

  @Test
  void functionRecoversWithExtension() {
    extension.answer(500, "");
    api.status("b").problem(503, "DATABASE_UNAVAILABLE");
    extension.secret(MongoServer.forTests().uri());
    Eventually.isTrue(Duration.ofSeconds(60), () -> api.status("b").status() == 404);
    assertThat(extension.reads()).isEqualTo(2);
  }
}
