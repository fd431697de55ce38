package dev.pulso.list;

import dev.pulso.batch.BatchHistory.Entry;
import dev.pulso.batch.Counted;
import dev.pulso.text.JsonWriter;
import java.util.List;

/**
 * A batch as its page shows it.
 *
 * @param history its changes, newest first
 */
public record BatchDetails(Counted row, List<Entry> history) {
  /** Writes the fields of its JSON object, in the order of the contract. */
  public void write(JsonWriter json) {
    BatchRow.writeAlone(json, row);
    json.array("history", history, BatchDetails::entry);
  }

  private static void entry(JsonWriter json, Entry entry) {
    json.text("action", entry.action())
        .time("at", entry.at())
        .text("actor", entry.actor())
        .text("reason", entry.reason())
        .text("operation_id", entry.operationId());
  }
}
