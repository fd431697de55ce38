package dev.pulso.bench.status;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;

/** Asks for one address over connections that are kept, each with one request at a time. */
final class HttpLoad {
  private static final String END_OF_HEADERS = "\r\n\r\n";
  private static final String LENGTH = "content-length:";

  private final int port;
  private final byte[] request;

  HttpLoad(int port, String path) {
    this.port = port;
    this.request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
            .formatted(path)
            .getBytes(StandardCharsets.US_ASCII);
  }

  /** How many requests a second were answered with 200. */
  double perSecond(int connections, Duration length) {
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<Long>> running = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        running.add(threads.submit(() -> ask(answered -> System.nanoTime() < end)));
      }
      long answered = 0;
      for (Future<Long> connection : running) {
        answered += connection.get();
      }
      return answered / (length.toNanos() / 1e9);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request failed", e.getCause());
    }
  }

  /** So many requests, one by one. */
  void ask(long requests) {
    ask(answered -> answered < requests);
  }

  private long ask(LongPredicate goesOn) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      long answered = 0;
      while (goesOn.test(answered)) {
        socket.getOutputStream().write(request);
        String head = head(in);
        if (!head.startsWith("http/1.1 200")) {
          throw new IllegalStateException("answered " + head.lines().findFirst().orElse(""));
        }
        in.skipNBytes(length(head));
        answered++;
      }
      return answered;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder(400);
    while (head.indexOf(END_OF_HEADERS, Math.max(0, head.length() - 4)) < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("the connection ended");
      }
      head.append(Character.toLowerCase((char) read));
    }
    return head.toString();
  }

  private static int length(String head) {
    int at = head.indexOf(LENGTH) + LENGTH.length();
    return Integer.parseInt(head.substring(at, head.indexOf('\r', at)).strip());
  }
}
