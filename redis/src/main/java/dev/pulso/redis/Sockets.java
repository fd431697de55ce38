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
 * Makes sockets to a server, each ready to be spoken over. Over TLS the server has to prove that it
 * is the host which the URL names.
 */
final class Sockets implements JedisSocketFactory {
  /** What it may take to be connected: a network that swallows packets costs that much once. */
  private static final Duration CONNECT_PATIENCE = Duration.ofMillis(250);

  private final RedisUrl url;
  private final Duration patience;
  private final Supplier<SSLSocketFactory> tls;

  /**
   * @param patience what an answer may take, each step of a handshake included
   * @param tls asked only if the URL says so, because it is slow to load
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
      throw new JedisConnectionException("no connection", e);
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
