package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.GuardedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code ./run} shows neither its password nor the content of requests. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class RunKeepsSecretsIT {
  private static final String PASSWORD = "pl4nted-passw0rd";
  private static final String TOKEN = "pl4nted-t0ken";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final GuardedServer server = GuardedServer.forTests();
  private final MongoClient root = MongoClients.create(server.uri());
  private final MongoDatabase admin = root.getDatabase("admin");
  private final String name = "pl4nted_" + UUID.randomUUID().toString().replace("-", "");

  private final String database = "shown_" + name.substring(8);

  @TempDir private Path home;

  @BeforeEach
  void makeUser() {
    admin.runCommand(
        new Document("createUser", name)
            .append("pwd", PASSWORD)
            .append("roles", List.of(new Document("role", "readWrite").append("db", database))));
  }

  @AfterEach
  void clear() {
    root.getDatabase(database).drop();
    if (!admin
        .runCommand(new Document("usersInfo", name))
        .getList("users", Object.class)
        .isEmpty()) {
      admin.runCommand(new Document("dropUser", name));
    }
    root.close();
  }

  @Test
  void wrongPasswordIsNotShown() throws Exception {
    String uri = server.uri(name, "wrong-" + PASSWORD);
    String output =
        Eventually.answer(
            PATIENCE, () -> failing(uri), said -> !said.contains("does not answer within"));
    assertThat(output).contains("does not accept its user and password");
  }

  @Test
  void invalidConnectionStringIsNotShown() throws Exception {
    String output = failing("mongodb://" + name + ":" + PASSWORD + "@:@" + server.hosts());
    assertThat(output).contains("not a valid connection string");
  }

  private String failing(String uri) throws Exception {
    try (RunProcess run = RunProcess.start(home, Map.of("MONGODB_URI", uri), "--port", "0")) {
      assertThat(run.awaitEnd()).isEqualTo(1);
      return unplanted(run);
    }
  }

  @Test
  void requestsAndOutageShowNoSecret() throws Exception {
    Map<String, String> given =
        Map.of("MONGODB_URI", server.uri(name, PASSWORD), "MONGODB_DATABASE", database);
    try (RunProcess run = RunProcess.start(home, given, "--port", "0", "--no-demo")) {
      int port = run.awaitReady();
      String answer =
          Eventually.answer(
              PATIENCE,
              () -> ask(port, "GET /api/v1/batches/b/status"),
              said -> !said.startsWith("HTTP/1.1 503"));
      assertThat(answer).startsWith("HTTP/1.1 404");
      for (String odd :
          List.of(
              "GET /api/v1/batches/" + TOKEN + "%zz/status",
              "GET /api/v1/batches/b/summary?access_token=" + TOKEN + "%00",
              TOKEN + " /api/v1/batches/b/status",
              "GET /" + TOKEN.repeat(2_000),
              "GET " + TOKEN)) {
        assertThat(ask(port, odd)).startsWith("HTTP/1.1 4");
      }

      admin.runCommand(new Document("dropUser", name));
      Eventually.isTrue(PATIENCE, () -> shown(run).contains("Upkeep failed"));
      assertThat(ask(port, "GET /api/v1/batches/b/summary")).startsWith("HTTP/1.1 503");
      run.terminate();
      run.awaitEnd();
      assertThat(unplanted(run)).contains("DATABASE_UNAVAILABLE");
      assertThat(keptUnder(home)).contains("\"status\":503").doesNotContain("pl4nted", name);
    }
  }

  /** Sends a raw request, as no client library would. */
  private static String ask(int port, String firstWords) throws IOException {
    try (Socket socket = new Socket("localhost", port)) {
      String request =
          "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nCookie: s=%s\r\nConnection: close\r\n\r\n"
              .formatted(firstWords, TOKEN, TOKEN);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).doesNotContain("pl4nted");
      return answer;
    }
  }

  private static String shown(RunProcess run) {
    return String.join("\n", run.output());
  }

  private static String unplanted(RunProcess run) {
    assertThat(shown(run)).doesNotContain("pl4nted");
    return shown(run);
  }

  /** Returns everything that it wrote to files. */
  private static String keptUnder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      StringBuilder text = new StringBuilder();
      files
          .filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      return text.toString();
    }
  }
}
