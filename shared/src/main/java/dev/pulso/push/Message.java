package dev.pulso.push;

import dev.pulso.push.Subscription.Kind;
import dev.pulso.text.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a listener is to be told next for a subscription.
 *
 * @param texts the messages, in their order
 * @param after what it knows once all of them are delivered
 */
record Message(Subscription to, List<String> texts, Sent after) {

  /** Returns a message with one value. */
  static String of(
      String type, Subscription to, long version, Optional<String> state, String data) {
    return JsonWriter.object(
        json -> {
          envelope(json, type, to, version);
          state.ifPresent(text -> json.text("state", text));
          json.raw("data", data);
        });
  }

  /**
   * Returns messages with rows, none longer than the gateway takes. A row that is longer by itself
   * is left out: a client that it was sent to would be ended for it, again and again.
   */
  static List<String> ofRows(String type, Subscription to, long version, List<String> rows) {
    List<String> messages = new ArrayList<>();
    List<String> next = new ArrayList<>();
    int bytes = 0;
    for (String row : rows) {
      int length = bytes(row) + 1;
      if (length - 1 > Outbound.LONGEST) {
        continue;
      }
      if (!next.isEmpty() && bytes + length > Outbound.LONGEST) {
        messages.add(rows(type, to, version, next));
        next.clear();
        bytes = 0;
      }
      next.add(row);
      bytes += length;
    }
    messages.add(rows(type, to, version, next));
    return messages;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String rows(String type, Subscription to, long version, List<String> rows) {
    return of(type, to, version, Optional.empty(), "[" + String.join(",", rows) + "]");
  }

  /** Tells once that the listener may not see what it subscribed to, or that it is not there. */
  static Optional<Message> refusal(Listener listener, Subscription to, long version) {
    return listener.sent(to).filter(Sent::isRefusal).isPresent()
        ? Optional.empty()
        : Optional.of(new Message(to, List.of(notFound(to, version)), Sent.refusal()));
  }

  private static String notFound(Subscription to, long version) {
    boolean isBatch = to.kind() == Kind.BATCH;
    return JsonWriter.object(
        json -> {
          envelope(json, "error", to, version);
          json.text("code", isBatch ? "BATCH_NOT_FOUND" : "ACCOUNT_FORBIDDEN")
              .text("message", isBatch ? "Batch not found" : "You may not see this account.");
        });
  }

  /** Returns an error of a connection. */
  static String error(String code, String message) {
    return JsonWriter.object(
        json -> json.text("type", "error").text("code", code).text("message", message));
  }

  private static void envelope(JsonWriter json, String type, Subscription to, long version) {
    json.text("type", type);
    Subscription.write(json, to.kind(), to.name());
    json.number("version", version);
  }
}
