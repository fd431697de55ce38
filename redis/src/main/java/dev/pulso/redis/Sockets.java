package dev.pulso.redis;

import dev.pulso.config.RedisUrl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Opens connected sockets to a server. With TLS, the certificate must match the host of the URL.
 */
final class Sockets implements JedisSocketFactory {
  /** Connect timeout: a network that drops packets costs this time once. */
  private static final Duration CONNECT_PATIENCE = Duration.ofMillis(250);

  private final RedisUrl url;
  private final Duration patience;
  private final Supplier<SSLSocketFactory> tls;

  /**
   * @param patience time limit of one reply, and of each step of a TLS handshake
   * @param tls called only for TLS URLs, because it is slow to load
   */
  Sockets(RedisUrl url, Duration patience, Supplier<SSLSocketFactory> tls) {
    this.url = url;
    this.patience = patience;
    this.tls = tls;
  }

  @Override
  public Socket createSocket() {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.setSoTimeout((int) patience.toMillis());
      socket.connect(
          new InetSocketAddress(url.host(), url.port()), (int) CONNECT_PATIENCE.toMillis());
      return url.isTls() ? secured(socket) : socket;
    } catch (IOException e) {
      close(socket, e);
      throw new JedisConnectionException("cannot connect", e);
    }
  }

  private SSLSocket secured(Socket socket) throws IOException {
    SSLSocket secured = (SSLSocket) tls.get().createSocket(socket, url.host(), url.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static void close(Socket socket, IOException reason) {
    try {
      socket.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
