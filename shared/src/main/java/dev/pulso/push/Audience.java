package dev.pulso.push;

import dev.pulso.access.AccessRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All listeners, as this process knows them. */
final class Audience {
  private final Connections connections;
  private final AccessRules access;
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();

  Audience(Connections connections, AccessRules access) {
    this.connections = connections;
    this.access = access;
  }

  /**
   * Reads all connections. Those that are no news know what the pusher before told them.
   *
   * @return those that are no news; a new one may not be there yet for messages
   */
  List<Listener> load(Handover before) {
    List<Listener> known = new ArrayList<>();
    List<Connection> all = connections.all();
    for (Connection each : all) {
      Listener listener = new Listener(each, access);
      listener.takeOverSilence(before);
      if (!each.isNews()) {
        listener.takeOver(before);
        known.add(listener);
      }
      listeners.put(each.id(), listener);
    }
    connections.noted(all.stream().filter(Connection::isNews).toList());
    return known;
  }

  /** Reads the connections that changed since. */
  void refresh() {
    List<Connection> changed = connections.news();
    for (Connection each : changed) {
      listeners.computeIfAbsent(each.id(), id -> new Listener(each, access)).replace(each, access);
    }
    connections.noted(changed);
  }

  /** Forgets connections that have ended. */
  void remove(List<Listener> ended) {
    if (!ended.isEmpty()) {
      ended.forEach(listener -> listeners.remove(listener.id()));
      connections.closeAll(ended.stream().map(Listener::id).toList());
    }
  }

  /** Marks these as news for the next pusher. */
  void leaveAsNews(List<Listener> behind) {
    connections.markAsNews(behind.stream().map(Listener::id).toList());
  }

  Collection<Listener> all() {
    return listeners.values();
  }
}
