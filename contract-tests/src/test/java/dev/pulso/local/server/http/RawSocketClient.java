package dev.pulso.local.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that reads nothing after the handshake. */
final class RawSocketClient implements AutoCloseable {
  /** Small, so that what it does not read soon fills the server's buffer. */
  private static final int BUFFER = 4_096;

  private static final byte FINAL_TEXT = (byte) 0x81;
  private static final int MASKED = 0x80;

  private final Socket socket = new Socket();

  RawSocketClient(int port) throws IOException {
    socket.setReceiveBufferSize(BUFFER);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Asks for a connection as a page of that host, and returns the first line of the answer. */
  String connect(String ticket, String host) throws IOException {
    String request =
        """
        GET /events?token=%s HTTP/1.1
        Host: %s
        Origin: http://%s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """
            .formatted(ticket, host, host)
            .replace("\n", "\r\n");
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    for (int next = read(); next >= 0 && next != '\r'; next = read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private int read() throws IOException {
    return socket.getInputStream().read();
  }

  /** Sends a text of at most 125 bytes. Its mask is zero, which leaves it as it is. */
  void send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[bytes.length + 6];
    frame[0] = FINAL_TEXT;
    frame[1] = (byte) (MASKED | bytes.length);
    System.arraycopy(bytes, 0, frame, 6, bytes.length);
    socket.getOutputStream().write(frame);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
