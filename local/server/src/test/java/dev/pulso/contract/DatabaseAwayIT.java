package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.local.database.MongoServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database goes away, in two ways, and comes back. */
class DatabaseAwayIT {
  private static final Duration PROMISED = Duration.ofSeconds(5);

  private static final List<Function<Api, Reply>> ENDPOINTS =
      List.of(
          api -> api.status("b"),
          api -> api.summary("b"),
          api -> api.cancel("b", "basta"),
          Api::overview);

  @ParameterizedTest(name = "silent: {0}")
  @ValueSource(booleans = {false, true})
  void everyEndpointSaysSoInTimeAndWorksAgainAfterwards(boolean silent) throws IOException {
    try (Relay relay = new Relay();
        Pulso pulso = Pulso.open(settings(relay.port()))) {
      Api api = new Api(pulso);
      pulso.db().batches().insertOne(Documents.batch("b"));
      assertThat(api.status("b").status()).isEqualTo(200);
      relay.cut(silent);
      allAtOnce(
          endpoint -> {
            long start = System.nanoTime();
            Reply reply = endpoint.apply(api).problem(503, "DATABASE_UNAVAILABLE");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMISED);
            assertThat(Integer.parseInt(reply.headers().get("Retry-After"))).isBetween(1, 60);
          });
      relay.mend();
      long mended = System.nanoTime();
      while (api.status("b").status() != 200) {
        assertThat(Duration.ofNanos(System.nanoTime() - mended)).isLessThan(PROMISED);
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
      for (Function<Api, Reply> endpoint : ENDPOINTS) {
        endpoint.apply(api).ok();
      }
      pulso.db().database().drop();
    }
  }

  private static void allAtOnce(Consumer<Function<Api, Reply>> check) {
    CompletableFuture.allOf(
            ENDPOINTS.stream()
                .map(
                    endpoint ->
                        CompletableFuture.runAsync(
                            () -> check.accept(endpoint), Thread::startVirtualThread))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  @Test
  void runOfUpkeepFailsSoonAndTheNextOneWorks() throws IOException {
    try (Relay relay = new Relay();
        Pulso pulso = Pulso.open(settings(relay.port()))) {
      relay.cut(false);
      long start = System.nanoTime();
      assertThatThrownBy(() -> pulso.runUpkeep(Duration.ofSeconds(30)))
          .isInstanceOf(MongoException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMISED);
      relay.mend();
      assertThat(pulso.runUpkeep(Duration.ofSeconds(30)).indexesMade()).isNotEmpty();
      pulso.db().database().drop();
    }
  }

  private static Settings settings(int port) {
    return Settings.from(
        Map.of(
            "MONGODB_URI",
            "mongodb://127.0.0.1:" + port + "/?directConnection=true",
            "MONGODB_DATABASE",
            "away_" + Long.toHexString(System.nanoTime())));
  }

  /** A wire to the database that can be cut: it refuses, or it swallows what it is sent. */
  private static final class Relay implements AutoCloseable {
    private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final InetSocketAddress database;
    private final int port;
    private ServerSocket server;
    private volatile boolean silent;

    Relay() throws IOException {
      database = database();
      server = listen(0);
      port = server.getLocalPort();
    }

    int port() {
      return port;
    }

    void cut(boolean silently) throws IOException {
      silent = silently;
      if (!silently) {
        server.close();
        hangUp();
      }
    }

    void mend() throws IOException {
      hangUp();
      if (server.isClosed()) {
        server = listen(port);
      }
      silent = false;
    }

    private ServerSocket listen(int wanted) throws IOException {
      ServerSocket listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      Thread.ofVirtual().start(() -> accept(listening));
      return listening;
    }

    private void accept(ServerSocket listening) {
      while (!listening.isClosed()) {
        try {
          Socket client = listening.accept();
          Socket there = new Socket(database.getAddress(), database.getPort());
          sockets.addAll(List.of(client, there));
          Thread.ofVirtual().start(() -> pump(client, there));
          Thread.ofVirtual().start(() -> pump(there, client));
        } catch (IOException e) {
          // The socket was closed because the wire is cut: who wants to connect is refused.
          return;
        }
      }
    }

    private void pump(Socket from, Socket to) {
      byte[] buffer = new byte[65_536];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (!silent) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // A cut wire ends like this.
        sockets.remove(from);
      }
    }

    private void hangUp() throws IOException {
      for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
        socket.close();
      }
    }

    private static InetSocketAddress database() throws UnknownHostException {
      URI uri = URI.create(MongoServer.forTests().uri().replaceFirst("^mongodb", "tcp"));
      return new InetSocketAddress(InetAddress.getByName(uri.getHost()), uri.getPort());
    }

    @Override
    public void close() throws IOException {
      server.close();
      hangUp();
    }
  }
}
