package dev.pulso.local.server.http;

import static dev.pulso.fixture.Unhurried.unhurried;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Unhurried;
import dev.pulso.functions.socket.EventSocketHandler;
import dev.pulso.local.database.MongoServer;
import dev.pulso.mongo.LiveDb;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Pulso, its function behind real WebSocket connections, and clients that connect. */
abstract class SocketWorld {
  static final Duration SOON = Duration.ofSeconds(30);
  static final String PING = "{\"action\":\"ping\"}";
  static final String PONG = "{\"type\":\"pong\"}";
  private static final Map<String, String> ANA =
      Map.of("sub", "ana", "scope", "pulso:read", "account_ids", "acc-chile-001");

  final Pulso pulso =
      pulso(
          Map.of(
              "MONGODB_URI",
              MongoServer.forTests().uri(),
              "MONGODB_DATABASE",
              "sockets_" + UUID.randomUUID().toString().replace("-", ""),
              "ALLOWED_ORIGINS",
              "https://app.example.com,https://other.example.com"));

  ServedSockets served;

  /** Opens Pulso with time for a busy server. */
  static Pulso pulso(Map<String, String> environment) {
    Settings settings = Settings.from(environment);
    return Pulso.open(
        Pulso.Options.of(settings).withDatabase(LiveDb.of(settings, Unhurried::unhurried)));
  }

  @BeforeEach
  void serve() throws IOException {
    served = new ServedSockets(new EventSocketHandler(pulso), Sockets.LONGEST);
  }

  /** Serves another function, or ends connections sooner. */
  void serveInstead(
      RequestHandler<Map<String, Object>, Map<String, Object>> function, Duration longest)
      throws IOException {
    served.close();
    served = new ServedSockets(function, longest);
  }

  @AfterEach
  void close() {
    served.close();
    unhurried(pulso.db().database()).drop();
    pulso.close();
  }

  String ticket() {
    return pulso.services().tickets().issue(ANA);
  }

  String ticket(String user) {
    Map<String, String> claims = new HashMap<>(ANA);
    claims.put("sub", user);
    return pulso.services().tickets().issue(claims);
  }

  SocketClient connect(String query, Optional<String> origin) {
    return SocketClient.connect(served.port(), query, origin);
  }

  SocketClient connect() {
    return connect("?token=" + ticket(), Optional.empty());
  }
}
