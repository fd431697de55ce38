package dev.pulso.http;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes the query of a URL. The gateway's own map joins repeated parameters with commas,
 * so a repetition looks like a comma in a value.
 */
public final class QueryString {
  private QueryString() {}

  /** A parameter, decoded. */
  public record Pair(String name, String value) {
    private String encoded() {
      return encode(name) + "=" + encode(value);
    }
  }

  /**
   * Returns the parameters of a query, without empty ones.
   *
   * @throws BadRequestException when any part of the query is not percent-encoded UTF-8
   */
  public static List<Pair> decoded(String rawQuery) {
    List<Pair> pairs = new ArrayList<>();
    for (String pair : rawQuery.split("&")) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        pairs.add(
            new Pair(decode(parts[0], true), parts.length == 1 ? "" : decode(parts[1], true)));
      }
    }
    return pairs;
  }

  /** Returns the raw text of a query. */
  static String encoded(List<Pair> pairs) {
    return String.join("&", pairs.stream().map(Pair::encoded).toList());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Decodes a part of a URL. Unlike {@link java.net.URLDecoder}, rejects invalid UTF-8 instead of
   * replacing it.
   *
   * @param plusIsSpace true in a query, false in a path
   * @throws BadRequestException when it is not percent-encoded UTF-8
   */
  public static String decode(String text, boolean plusIsSpace) {
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
        bytes.write(plusIsSpace && encoded[i] == '+' ? ' ' : encoded[i]);
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
        "MALFORMED_REQUEST", "The URL is not valid percent-encoded UTF-8.");
  }
}
