package dev.pulso.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the query of a URL from its raw text. The gateway's own map joins repeated parameters
 * with commas, so a repetition looks like a comma in a value.
 */
final class QueryString {
  private QueryString() {}

  /**
   * Returns the decoded values of a parameter.
   *
   * @throws BadRequestException when any part of the query is not percent-encoded UTF-8
   */
  static List<String> values(String rawQuery, String name) {
    List<String> values = new ArrayList<>();
    for (String pair : rawQuery.split("&")) {
      int equals = pair.indexOf('=');
      String key = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = decode(equals < 0 ? "" : pair.substring(equals + 1));
      if (key.equals(name)) {
        values.add(value);
      }
    }
    return values;
  }

  /** Unlike {@link java.net.URLDecoder}, rejects invalid UTF-8 instead of replacing it. */
  private static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == '%') {
        int high = i + 2 <= encoded.length - 1 ? Character.digit(encoded[i + 1], 16) : -1;
        int low = i + 2 <= encoded.length - 1 ? Character.digit(encoded[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed();
        }
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(encoded[i] == '+' ? ' ' : encoded[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  private static BadRequestException malformed() {
    return new BadRequestException(
        "MALFORMED_REQUEST", "The query is not valid percent-encoded UTF-8.");
  }
}
