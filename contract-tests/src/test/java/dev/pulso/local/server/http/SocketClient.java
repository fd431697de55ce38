package dev.pulso.local.server.http;

import dev.pulso.fixture.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A WebSocket client that notes what it is told. */
final class SocketClient implements WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private WebSocket socket;

  private SocketClient() {}

  /**
   * Connects.
   *
   * @throws java.util.concurrent.CompletionException when it is refused
   */
  static SocketClient connect(int port, String query, Optional<String> origin) {
    SocketClient client = new SocketClient();
    WebSocket.Builder builder = HTTP.newWebSocketBuilder();
    origin.ifPresent(from -> builder.header("Origin", from));
    URI uri = URI.create("ws://127.0.0.1:" + port + Sockets.PATH + query);
    client.socket = builder.buildAsync(uri, client).join();
    return client;
  }

  void send(String text) {
    socket.sendText(text, true).join();
  }

  void sendBinary(String text) {
    socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true).join();
  }

  /** Ends the connection without a word. */
  void abort() {
    socket.abort();
  }

  List<String> received() {
    return received;
  }

  /** Completes when the connection has ended. */
  CompletableFuture<Integer> closed() {
    return closed;
  }

  void awaitMessage(Duration patience, String part) {
    Eventually.isTrue(patience, () -> received.stream().anyMatch(each -> each.contains(part)));
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      received.add(partial.toString());
      partial.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.complete(0);
  }
}
