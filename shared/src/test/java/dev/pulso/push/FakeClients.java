package dev.pulso.push;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Connected clients that note what they are sent. */
final class FakeClients implements Outbound {
  private final Map<String, List<Received>> received = new ConcurrentHashMap<>();
  private final Map<String, List<Received>> disconnected = new ConcurrentHashMap<>();
  private final String gateway;
  private volatile BooleanSupplier refuses = () -> false;
  private volatile BooleanSupplier ends = () -> true;

  FakeClients(String gateway) {
    this.gateway = gateway;
  }

  /**
   * A message.
   *
   * @param name the batch or account of the subscription
   * @param data the JSON of its data; empty without any
   */
  record Received(String type, String name, long version, String data, String text) {}

  void connect(String id) {
    received.put(id, new CopyOnWriteArrayList<>());
  }

  void leave(String id) {
    received.remove(id);
  }

  void refuseWhen(BooleanSupplier condition) {
    refuses = condition;
  }

  void endWhen(BooleanSupplier condition) {
    ends = condition;
  }

  List<Received> of(String id) {
    return received.getOrDefault(id, List.of());
  }

  List<String> types(String id) {
    return of(id).stream().map(Received::type).toList();
  }

  /** Returns the last data of that type about a batch; empty before the first. */
  String last(String id, String type, String name) {
    List<Received> all = new ArrayList<>(of(id));
    return all.reversed().stream()
        .filter(each -> each.type.equals(type) && each.name.equals(name))
        .findFirst()
        .map(Received::data)
        .orElse("");
  }

  boolean isDisconnected(String id) {
    return disconnected.containsKey(id);
  }

  /** Returns what a connection was sent before the server ended it. */
  List<Received> ofDisconnected(String id) {
    return disconnected.getOrDefault(id, List.of());
  }

  @Override
  public String gateway() {
    return gateway;
  }

  @Override
  public Delivery post(String connection, String message) {
    List<Received> inbox = received.get(connection);
    if (inbox == null) {
      return Delivery.GONE;
    }
    if (refuses.getAsBoolean()) {
      return Delivery.REFUSED;
    }
    inbox.add(parse(message));
    return Delivery.DELIVERED;
  }

  @Override
  public boolean disconnect(String connection) {
    if (!ends.getAsBoolean()) {
      return false;
    }
    List<Received> inbox = received.remove(connection);
    disconnected.putIfAbsent(connection, inbox == null ? List.of() : inbox);
    return true;
  }

  private static Received parse(String text) {
    String type = "";
    String name = "";
    long version = 0;
    try (JsonParser json = new JsonFactory().createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "type" -> type = json.getText();
          case "batch_id", "account_id" ->
              name = json.currentToken() == JsonToken.VALUE_NULL ? "" : json.getText();
          case "version" -> version = json.getLongValue();
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int data = text.indexOf("\"data\":");
    String content = data < 0 ? "" : text.substring(data + 7, text.length() - 1);
    return new Received(type, name, version, content, text);
  }
}
