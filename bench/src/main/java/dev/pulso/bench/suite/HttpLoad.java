package dev.pulso.bench.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sends requests for one address over persistent connections, one at a time on each. A client
 * library would take more of the processors that the server needs.
 */
final class HttpLoad {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

  private final int port;
  private final byte[] request;

  HttpLoad(int port, String path) {
    this.port = port;
    this.request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
            .formatted(path)
            .getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the number of 200 answers per second. */
  double perSecond(int connections, Duration length) {
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      long answered =
          Stream.generate(
                  () ->
                      CompletableFuture.supplyAsync(
                          () -> askWhile(done -> System.nanoTime() < end), threads))
              .limit(connections)
              .toList()
              .stream()
              .mapToLong(CompletableFuture::join)
              .sum();
      return answered / (length.toNanos() / 1e9);
    }
  }

  /** Sends this many requests, one by one. */
  void ask(long requests) {
    askWhile(done -> done < requests);
  }

  private long askWhile(LongPredicate goesOn) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      long answered = 0;
      while (goesOn.test(answered)) {
        socket.getOutputStream().write(request);
        String head = head(in);
        Matcher length = LENGTH.matcher(head);
        if (!head.startsWith("HTTP/1.1 200") || !length.find()) {
          throw new IllegalStateException("answered " + head);
        }
        in.skipNBytes(Integer.parseInt(length.group(1)));
        answered++;
      }
      return answered;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder(400);
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("the connection ended");
      }
      head.append((char) read);
    }
    return head.toString();
  }
}
