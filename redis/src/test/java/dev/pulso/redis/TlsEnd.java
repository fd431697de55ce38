package dev.pulso.redis;

import dev.pulso.fixture.TlsKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocketFactory;

/** A TLS proxy before the Redis of the tests, with a certificate for {@code localhost} only. */
final class TlsEnd implements AutoCloseable {
  private final SSLContext context;
  private final SSLServerSocket server;

  TlsEnd(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
    context = TlsKeys.make(folder, "localhost").context();
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Returns a factory that trusts its certificate. */
  SSLSocketFactory trusting() {
    return context.getSocketFactory();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket redis = new Socket(TestRedis.server().host(), TestRedis.server().port());
        Thread.ofPlatform().daemon().start(() -> pump(client, redis));
        Thread.ofPlatform().daemon().start(() -> pump(redis, client));
      } catch (IOException e) {
        // Closed at the end of the test.
        return;
      }
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One side closed the connection, or the client did not trust the certificate.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
