package dev.pulso.push;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/**
 * What a pusher leaves for the next one, so that clients do not get everything again each minute:
 * what all subscribers of a subject were told last, and when each client was sent something.
 * Clients that lack some of it are marked as news before.
 *
 * @param told by {@link Listener#subject}, and for each client
 * @param listsSince rows that changed since then were not sent to lists; empty without a handover
 */
record Handover(Map<String, Sent> told, Optional<Instant> listsSince) {
  static final Handover NONE = new Handover(Map.of(), Optional.empty());

  private static final long NANOS_PER_MS = 1_000_000;

  /** Subjects, and the clients that one process serves. More would take longer to store. */
  private static final int MOST = 20_000 + 2_000;

  /** Returns a stored handover; none if any of it is damaged: then everybody is told all anew. */
  static Handover of(Object stored) {
    Document document = Lenient.document(stored);
    Optional<Instant> listsSince = Lenient.time(document.get("lists_since"));
    if (listsSince.isEmpty() || !(document.get("told") instanceof List<?> entries)) {
      return NONE;
    }
    Map<String, Sent> told = new HashMap<>();
    for (Object entry : entries) {
      Document each = Lenient.document(entry);
      if (!(each.get("of") instanceof String of
          && each.get("digest") instanceof Long digest
          && each.get("state") instanceof String state)) {
        return NONE;
      }
      long atNanos = System.nanoTime() - Lenient.count(each.get("age_ms")) * NANOS_PER_MS;
      told.put(of, new Sent(digest, state, atNanos));
    }
    return new Handover(told, listsSince);
  }

  Document document() {
    if (listsSince.isEmpty() || told.size() > MOST) {
      return new Document();
    }
    List<Document> all = new ArrayList<>();
    told.forEach(
        (subject, sent) ->
            all.add(
                new Document("of", subject)
                    .append("digest", sent.digest())
                    .append("state", sent.state())
                    .append("age_ms", (System.nanoTime() - sent.atNanos()) / NANOS_PER_MS)));
    return new Document("told", all).append("lists_since", Date.from(listsSince.get()));
  }
}
