package dev.pulso.contract;

import dev.pulso.local.database.MongoServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A wire to the database that can be cut: it refuses, or it swallows what it is sent. */
final class Relay implements AutoCloseable {
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

  void cut(boolean silently) {
    silent = silently;
    if (!silently) {
      try {
        server.close();
        hangUp();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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
