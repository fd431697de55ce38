package dev.pulso.local.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict percent-decoding: invalid UTF-8 is an error, not a {@code �}. */
final class PercentDecoding {
  private PercentDecoding() {}

  /**
   * Decodes a path or a part of one; a plus sign stays.
   *
   * @throws MalformedEncodingException when it is not percent-encoded UTF-8
   */
  static String path(String raw) throws MalformedEncodingException {
    byte[] from = raw.getBytes(StandardCharsets.UTF_8);
    byte[] to = new byte[from.length];
    int length = 0;
    for (int i = 0; i < from.length; i++) {
      if (from[i] == '%') {
        to[length++] = (byte) (hexDigit(from, i + 1) << 4 | hexDigit(from, i + 2));
        i += 2;
      } else {
        to[length++] = from[i];
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(to, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedEncodingException("Its bytes are not UTF-8.");
    }
  }

  private static int hexDigit(byte[] bytes, int at) throws MalformedEncodingException {
    int digit = at < bytes.length ? Character.digit(bytes[at], 16) : -1;
    if (digit < 0) {
      throw new MalformedEncodingException("A percent sign is not followed by two hex digits.");
    }
    return digit;
  }
}
