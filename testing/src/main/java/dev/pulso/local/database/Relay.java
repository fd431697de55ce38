package dev.pulso.local.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/**
 * A TCP relay to a server that a test can cut: it then refuses connections, or drops what it
 * receives. Its threads are not virtual: those would wait for what a test measures through it,
 * which keeps the few carriers busy.
 */
public final class Relay implements AutoCloseable {
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final InetSocketAddress target;
  private final int port;
  private ServerSocket server;
  private Thread acceptor;
  private volatile boolean silent;
  private volatile int accepted;
  private volatile int forgotten;
  private volatile int unanswered;

  private Relay(InetSocketAddress target, int port) throws PortTakenException, IOException {
    this.target = target;
    this.port = port;
    try {
      server = listen();
    } catch (BindException e) {
      throw new PortTakenException(port);
    }
  }

  private static Relay to(InetSocketAddress target) throws IOException {
    return FreePort.start(port -> new Relay(target, port));
  }

  /** Returns a relay to the database of this JVM's tests. */
  public static Relay toMongo() throws IOException {
    URI uri = URI.create(MongoServer.forTests().uri().replaceFirst("^mongodb", "tcp"));
    return to(new InetSocketAddress(uri.getHost(), uri.getPort()));
  }

  /** Returns a relay to a Redis. */
  public static Relay to(RedisServer redis) throws IOException {
    return to(new InetSocketAddress(redis.host(), redis.port()));
  }

  /** Returns its port on this machine. */
  public int port() {
    return port;
  }

  /**
   * Cuts the connection.
   *
   * @param silently whether it drops what it receives, instead of closing and refusing connections
   */
  public void cut(boolean silently) {
    silent = silently;
    if (!silently) {
      try {
        stopListening();
        hangUp();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Drops whatever the connections of this moment receive, like a firewall that forgot them. Later
   * connections work.
   */
  public void forgetConnections() {
    forgotten = accepted;
  }

  /** Drops the answers to the connections of this moment; what they send still arrives. */
  public void loseAnswers() {
    unanswered = accepted;
  }

  /** Restores the connection. Earlier connections stay closed. */
  public void mend() throws IOException {
    hangUp();
    if (server.isClosed()) {
      server = listen();
    }
    silent = false;
  }

  private ServerSocket listen() throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    acceptor = Thread.ofPlatform().daemon().start(() -> accept(listening));
    return listening;
  }

  /** Waits until the port is free. */
  private void stopListening() throws IOException {
    server.close();
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Socket there = new Socket(target.getAddress(), target.getPort());
        sockets.addAll(List.of(client, there));
        int number = accepted;
        Thread.ofPlatform().daemon().start(() -> pump(client, there, () -> number >= forgotten));
        Thread.ofPlatform()
            .daemon()
            .start(() -> pump(there, client, () -> number >= Math.max(forgotten, unanswered)));
        accepted = number + 1;
      } catch (IOException e) {
        // The socket was closed by a cut, which refuses new connections.
        return;
      }
    }
  }

  private void pump(Socket from, Socket to, BooleanSupplier isOpen) {
    byte[] buffer = new byte[65_536];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!silent && isOpen.getAsBoolean()) {
          out.write(buffer, 0, n);
        }
      }
    } catch (IOException e) {
      // A cut ends connections like this.
      sockets.remove(from);
    }
  }

  /** Closes the connections of this moment, and none that somebody opens meanwhile. */
  private void hangUp() throws IOException {
    for (Socket socket : List.copyOf(sockets)) {
      sockets.remove(socket);
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    stopListening();
    hangUp();
  }
}
