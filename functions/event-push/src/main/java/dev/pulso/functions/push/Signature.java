package dev.pulso.functions.push;

import dev.pulso.text.Hash;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with AWS Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/
 * reference_sigv-create-signed-request.html
 *
 * @param service name of the service in the scope, such as {@code execute-api}
 */
record Signature(Credentials credentials, String region, String service) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String HMAC = "HmacSHA256";
  private static final String TERMINATION = "aws4_request";
  private static final HexFormat HEX = HexFormat.of();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * Returns the headers that a request needs besides its own: date, session token and
   * authorization.
   *
   * @param uri without a query
   * @param headers the request's own that are signed, besides {@code host}; no value has spaces at
   *     its ends, or several in a row
   */
  Map<String, String> headers(
      String method, URI uri, Map<String, String> headers, byte[] body, Instant now) {
    String time = TIME.format(now);
    String date = time.substring(0, 8);
    Map<String, String> added = new TreeMap<>(Map.of("x-amz-date", time));
    credentials.sessionToken().ifPresent(token -> added.put("x-amz-security-token", token));
    TreeMap<String, String> signed = new TreeMap<>(added);
    headers.forEach((name, value) -> signed.put(name.toLowerCase(java.util.Locale.ROOT), value));
    signed.put("host", host(uri));
    String names = String.join(";", signed.keySet());
    String scope = String.join("/", date, region, service, TERMINATION);
    String request =
        String.join(
            "\n",
            method,
            path(uri),
            "", // the query
            signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining()),
            names,
            HEX.formatHex(Hash.sha256(body)));
    String toSign = String.join("\n", ALGORITHM, time, scope, HEX.formatHex(Hash.sha256(request)));
    added.put(
        "Authorization",
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(ALGORITHM, credentials.accessKeyId(), scope, names, sign(date, toSign)));
    return added;
  }

  private String sign(String date, String text) {
    byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {date, region, service, TERMINATION}) {
      key = hmac(key, part);
    }
    return HEX.formatHex(hmac(key, text));
  }

  /** The path as sent, each segment encoded once more, as every service but S3 wants it. */
  private static String path(URI uri) {
    String path = uri.normalize().getRawPath();
    return path.isEmpty()
        ? "/"
        : Arrays.stream(path.split("/", -1))
            .map(Signature::encoded)
            .collect(Collectors.joining("/"));
  }

  /** Percent-encodes all but unreserved characters (RFC 3986). */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String host(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + HMAC + ".", e);
    }
  }
}
