package dev.pulso.local.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A WebSocket client that sends as long as its socket takes anything, and reads nothing. */
final class FloodingClient implements AutoCloseable {
  private static final int MESSAGE_BYTES = 60_000;
  private static final int HEAD_BYTES = 8;
  private static final byte FINAL_TEXT = (byte) 0x81;
  private static final byte MASKED_WITH_LENGTH = (byte) (0x80 | 126);

  /** A server that reads empties the socket sooner, even on a busy machine. */
  private static final Duration FULL = Duration.ofSeconds(3);

  private final SocketChannel channel;
  private final Selector selector = Selector.open();
  private boolean isFull;

  /** Asks for a connection. */
  FloodingClient(int port) throws IOException {
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request =
        """
        GET /events HTTP/1.1
        Host: localhost
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """
            .replace("\n", "\r\n");
    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Waits until there is an answer. */
  void awaitConnection() throws IOException {
    channel.read(ByteBuffer.allocate(HEAD_BYTES));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_WRITE);
  }

  /**
   * Sends messages that begin with a text until the socket takes no more, or that many bytes.
   *
   * @return how many it sent whole
   */
  int sendUntilFull(String text, int mostBytes) throws IOException {
    int messages = 0;
    for (long bytes = 0; bytes < mostBytes && !isFull; bytes += MESSAGE_BYTES) {
      ByteBuffer frame = frame(text);
      while (frame.hasRemaining() && !isFull) {
        selector.selectedKeys().clear();
        isFull = selector.select(FULL.toMillis()) == 0;
        channel.write(frame);
      }
      messages += frame.hasRemaining() ? 0 : 1;
    }
    return messages;
  }

  /** Returns whether the socket took nothing more for some time. */
  boolean isFull() {
    return isFull;
  }

  /** Returns a message. Its mask is zero, which leaves it as it is. */
  private static ByteBuffer frame(String text) {
    byte[] message = text.concat("x".repeat(MESSAGE_BYTES)).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + message.length);
    frame.put(FINAL_TEXT).put(MASKED_WITH_LENGTH).putShort((short) message.length).putInt(0);
    return frame.put(message).flip();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
