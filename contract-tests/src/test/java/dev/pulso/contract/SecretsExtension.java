package dev.pulso.contract;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;

/** A stand-in for the Parameters and Secrets Lambda extension: a server on loopback. */
final class SecretsExtension implements AutoCloseable {
  static final String ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:pulso/db-AbCdEf";

  private static final String TOKEN = "session-token/+=";

  private final HttpServer server;
  // Not virtual: these would wait for the requests under test, which keep the few carriers busy.
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger reads = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Answer answer = new Answer(404, "");
  private volatile boolean isSilent;

  private record Answer(int status, String body) {}

  SecretsExtension() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/secretsmanager/get", this::answer);
    server.start();
  }

  /** Returns the environment of a function with this extension. */
  Map<String, String> environment() {
    return Map.of(
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
        Integer.toString(server.getAddress().getPort()),
        "AWS_SESSION_TOKEN",
        TOKEN);
  }

  /** Sets the text of the secret. */
  void secret(String text) {
    answer(200, new Document("Name", "pulso/db").append("SecretString", text).toJson());
  }

  /** Sets the answer to all requests. */
  void answer(int status, String body) {
    answer = new Answer(status, body);
    isSilent = false;
  }

  /** Stops answering. */
  void silence() {
    isSilent = true;
  }

  /** Returns the number of requests. */
  int reads() {
    return reads.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    reads.incrementAndGet();
    if (isSilent) {
      awaitClose();
    }
    Answer now = isAllowed(exchange) ? answer : new Answer(403, "not for you");
    byte[] body = now.body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(now.status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static boolean isAllowed(HttpExchange exchange) {
    return TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Aws-Parameters-Secrets-Token"))
        && ("secretId=" + ARN).equals(exchange.getRequestURI().getQuery());
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
