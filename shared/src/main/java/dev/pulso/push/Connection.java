package dev.pulso.push;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/**
 * A connected client, as stored. Other programs may have damaged it: what cannot be read gives no
 * rights, and stops nobody else.
 *
 * @param claims of the token that its ticket was given for
 * @param authorizedUntil when that token ends; empty for an anonymous client, long ago for one
 *     whose rights cannot be read
 * @param revision grows with each change
 * @param isNews whether no pusher has taken over its last change
 * @param isDisplaced whether it must end, since its user has newer ones instead
 */
record Connection(
    String id,
    Map<String, String> claims,
    Optional<Instant> authorizedUntil,
    long revision,
    boolean isNews,
    boolean isDisplaced,
    List<Subscription> subscriptions) {
  /** The claim that says when a token ends. */
  static final String END = "exp";

  static Connection of(Document stored) {
    Optional<Map<String, String>> claims = claims(stored);
    return new Connection(
        stored.getString("_id"),
        claims.orElse(Map.of()),
        claims.isPresent() ? end(stored) : Optional.of(Instant.EPOCH),
        Lenient.count(stored.get(Connections.REVISION)),
        Lenient.isTrue(stored.get(Connections.NEWS)),
        Lenient.isTrue(stored.get(Connections.DISPLACED)),
        Lenient.documents(stored.get(Connections.SUBSCRIPTIONS)).stream()
            .flatMap(each -> Subscription.of(each).stream())
            .toList());
  }

  /** Names of claims may contain dots, so they are no field names. */
  static List<Document> stored(Map<String, String> claims) {
    return claims.entrySet().stream()
        .map(claim -> new Document("name", claim.getKey()).append("value", claim.getValue()))
        .toList();
  }

  /** Returns the claims; empty if any of them is damaged, since the others may give more rights. */
  static Optional<Map<String, String>> claims(Document stored) {
    if (!(stored.get(Connections.CLAIMS) instanceof List<?> all)) {
      return Optional.empty();
    }
    Map<String, String> claims = new HashMap<>();
    for (Object each : all) {
      Document claim = Lenient.document(each);
      if (!(claim.get("name") instanceof String name
          && claim.get("value") instanceof String value
          && claims.put(name, value) == null)) {
        return Optional.empty();
      }
    }
    return Optional.of(claims);
  }

  /**
   * Returns when a token ends: {@code exp}, seconds since 1970 (RFC 7519), as a string. One that
   * cannot be read has ended.
   */
  static Optional<Date> end(Map<String, String> claims) {
    return Optional.ofNullable(claims.get(END))
        .map(
            exp -> exp.matches("[0-9]{1,12}([.][0-9]*)?") ? Long.parseLong(exp.split("[.]")[0]) : 0)
        .map(seconds -> Date.from(Instant.ofEpochSecond(seconds)));
  }

  private static Optional<Instant> end(Document stored) {
    return Optional.ofNullable(stored.get(Connections.AUTHORIZED_UNTIL))
        .map(until -> Lenient.time(until).orElse(Instant.EPOCH));
  }
}
