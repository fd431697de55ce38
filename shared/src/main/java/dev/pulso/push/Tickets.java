package dev.pulso.push;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static dev.pulso.mongo.Expressions.literal;

import com.mongodb.client.model.UpdateOptions;
import dev.pulso.access.AccessRules;
import dev.pulso.mongo.Db;
import dev.pulso.text.Hash;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/**
 * Tickets with which clients connect. A ticket stands in an address, which logs may show, so it is
 * good for one minute and one use. The database has only its hash.
 */
public final class Tickets {
  public static final Duration VALIDITY = Duration.ofMinutes(1);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 32;

  private final Db db;
  private final AccessRules access;

  public Tickets(Db db, AccessRules access) {
    this.db = db;
    this.access = access;
  }

  /** Makes a ticket that carries these claims, without those that nobody reads, like a name. */
  public String issue(Map<String, String> all) {
    Map<String, String> claims = new HashMap<>(all);
    claims.keySet().removeIf(name -> !access.reads(name) && !name.equals(Connection.END));
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Document fields =
        new Document(Connections.CLAIMS, literal(Connection.stored(claims)))
            .append(Connections.EXPIRES_AT, Db.later(VALIDITY));
    db.connections()
        .updateOne(
            eq("_id", id(ticket)),
            List.of(new Document("$set", fields)),
            new UpdateOptions().upsert(true));
    return ticket;
  }

  /** Uses a ticket up, and returns its claims; empty if it is unknown, used or too old. */
  public Optional<Map<String, String>> redeem(String ticket) {
    return Optional.ofNullable(
            db.connections().findOneAndDelete(and(eq("_id", id(ticket)), Connections.isValid())))
        .flatMap(Connection::claims);
  }

  private static String id(String ticket) {
    return "ticket " + HexFormat.of().formatHex(Hash.sha256(ticket));
  }
}
