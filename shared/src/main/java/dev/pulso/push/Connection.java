package dev.pulso.push;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bson.Document;

/**
 * A connected client, as stored.
 *
 * @param claims of the token that its ticket was given for
 * @param authorizedUntil when that token ends; empty for an anonymous client
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

  static Connection of(Document stored) {
    return new Connection(
        stored.getString("_id"),
        claims(stored),
        Lenient.time(stored.get(Connections.AUTHORIZED_UNTIL)),
        Lenient.count(stored.get(Connections.REVISION)),
        Lenient.isTrue(stored.get(Connections.NEWS)),
        Lenient.isTrue(stored.get(Connections.DISPLACED)),
        stored.getList(Connections.SUBSCRIPTIONS, Document.class, List.of()).stream()
            .map(Subscription::of)
            .toList());
  }

  /** Names of claims may contain dots, so they are no field names. */
  static List<Document> stored(Map<String, String> claims) {
    return claims.entrySet().stream()
        .map(claim -> new Document("name", claim.getKey()).append("value", claim.getValue()))
        .toList();
  }

  static Map<String, String> claims(Document stored) {
    return stored.getList(Connections.CLAIMS, Document.class, List.of()).stream()
        .collect(Collectors.toMap(c -> c.getString("name"), c -> c.getString("value")));
  }
}
