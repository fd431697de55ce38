package dev.pulso.functions.delivery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/** A receiver on loopback that answers in whatever way a test writes to the socket. */
final class Receiver implements AutoCloseable {
  private final ServerSocket server;
  private final Behaviour behaviour;

  /** The request lines, headers and bodies that arrived. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** Answers a request that was read. */
  @FunctionalInterface
  interface Behaviour {
    void answer(Socket socket, OutputStream out) throws IOException;
  }

  Receiver(String address, ServerSocketFactory sockets, Behaviour behaviour) throws IOException {
    this.server = sockets.createServerSocket(0, 50, InetAddress.ofLiteral(address));
    this.behaviour = behaviour;
    Thread.ofPlatform().daemon().start(this::serve);
  }

  /** Returns a receiver that sends these lines and this body. */
  static Receiver saying(String answer) throws IOException {
    return new Receiver(
        "127.0.0.1",
        ServerSocketFactory.getDefault(),
        (socket, out) -> out.write(answer.getBytes(StandardCharsets.UTF_8)));
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook?a=b";
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder request = new StringBuilder();
      int length = 0;
      String line = in.readLine();
      while (line != null && !line.isEmpty()) {
        request.append(line).append('\n');
        if (line.toLowerCase().startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
        line = in.readLine();
      }
      if (line == null) {
        return;
      }
      for (int i = 0; i < length; i++) {
        request.append((char) in.read());
      }
      requests.add(request.toString());
      behaviour.answer(socket, socket.getOutputStream());
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // The sender hung up, as some tests want it to.
      requests.add("broken: " + e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
