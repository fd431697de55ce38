package dev.pulso.push;

import dev.pulso.access.AccessRules;
import dev.pulso.access.Caller;
import dev.pulso.access.UnauthenticatedException;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.http.BadRequestException;
import dev.pulso.http.Problem;
import dev.pulso.mongo.Db;
import dev.pulso.push.ClientMessage.Ping;
import dev.pulso.push.ClientMessage.Renew;
import dev.pulso.push.ClientMessage.Subscribe;
import dev.pulso.push.ClientMessage.Unsubscribe;
import dev.pulso.text.JsonWriter;
import java.util.Map;
import java.util.Optional;

/**
 * Admits clients that want to be told of changes, and answers their messages. What they are told
 * comes from {@link Pusher} alone, so that no older state can overtake a newer one.
 */
public final class ClientService {
  private final Batches batches;
  private final AccessRules access;
  private final Tickets tickets;
  private final Connections connections;

  public ClientService(Db db, Batches batches, AccessRules access) {
    this.batches = batches;
    this.access = access;
    this.tickets = new Tickets(db, access);
    this.connections = new Connections(db);
  }

  /**
   * Admits a new connection, if its ticket is good. The oldest one of a user who has too many ends.
   *
   * @return whether it may connect
   */
  public boolean admit(String connection, Optional<String> ticket) {
    Optional<Map<String, String>> claims =
        access.allowAnonymous() ? Optional.of(Map.of()) : ticket.flatMap(tickets::redeem);
    Optional<Map<String, String>> admitted = claims.filter(of -> access.caller(of).mayRead());
    admitted.ifPresent(of -> connections.open(connection, of));
    return admitted.isPresent();
  }

  /** Forgets a connection that has ended. */
  public void left(String connection) {
    connections.close(connection);
  }

  /**
   * Answers a message.
   *
   * @return the answer, as JSON
   * @throws BadRequestException when the message is unknown
   * @throws BatchNotFoundException when no batch that the client may see has this address
   * @throws UnauthenticatedException when the connection is unknown, or its token has ended
   */
  public String answer(String connection, String text) {
    return switch (ClientMessage.parse(text)) {
      case Ping ping -> {
        connected(connection);
        yield JsonWriter.object(json -> json.text("type", "pong"));
      }
      case Unsubscribe from -> {
        connections.unsubscribe(connection, from.kind(), from.name());
        yield noted("unsubscribed", from.kind(), from.name());
      }
      case Subscribe to -> {
        subscribe(connection, to);
        yield noted("subscribed", to.kind(), to.name());
      }
      case Renew with -> renewed(connection, with.ticket());
    };
  }

  /**
   * Returns the answer to a message that failed, as JSON. It names the subscription of the message,
   * so that the client knows which one does not work. Needs no database.
   */
  public static String failed(String text, Problem problem) {
    return JsonWriter.object(
        json -> {
          json.text("type", "error");
          ClientMessage.named(text)
              .ifPresent(about -> Subscription.write(json, about.kind(), about.name()));
          json.text("code", problem.code()).text("message", problem.detail());
        });
  }

  private void subscribe(String id, Subscribe to) {
    Caller caller = access.caller(connected(id).claims());
    Optional<Object> batch = Optional.empty();
    if (to.kind() == Subscription.Kind.BATCH) {
      BatchAddress address = new BatchAddress(to.name().orElseThrow());
      batch =
          batches
              .find(caller.readable(), address, Batches.PUSHED)
              .map(Batch::id)
              .or(
                  () -> {
                    throw new BatchNotFoundException();
                  });
    } else {
      caller.readable(to.name());
    }
    if (!connections.subscribe(id, to.kind(), to.name(), batch)) {
      throw new BadRequestException(
          "TOO_MANY_SUBSCRIPTIONS",
          "A connection has at most " + Connections.MOST_SUBSCRIPTIONS + " subscriptions.");
    }
  }

  private Connection connected(String id) {
    return connections
        .find(id)
        .orElseThrow(
            () ->
                new UnauthenticatedException(
                    "The connection or its token has ended. Renew it with a new ticket, or"
                        + " connect again."));
  }

  private String renewed(String id, String ticket) {
    boolean isRenewed =
        tickets.redeem(ticket).filter(claims -> connections.renew(id, claims)).isPresent();
    if (!isRenewed) {
      throw new UnauthenticatedException(
          "The ticket must be new, unused and of the user who connected. Ask for another one.");
    }
    return JsonWriter.object(json -> json.text("type", "renewed"));
  }

  private static String noted(String type, Subscription.Kind kind, Optional<String> name) {
    return JsonWriter.object(
        json -> {
          json.text("type", type);
          Subscription.write(json, kind, name);
        });
  }
}
