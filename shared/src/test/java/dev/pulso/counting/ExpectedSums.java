package dev.pulso.counting;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/** What overviews have to show: the stored sums, and batches that Pulso changed since. */
final class ExpectedSums {
  /** What the sums are to hold of each batch. */
  private final Map<String, Adds> held = new HashMap<>();

  /** Batches that Pulso changed, those of late, and those of more than a minute ago. */
  private final Set<String> acted = new HashSet<>();

  private final Set<String> actedLongAgo = new HashSet<>();

  /** What one batch adds. */
  record Adds(String account, long active, long jobs) {
    static Adds of(Document batch) {
      String account = batch.getString("account_id");
      if (!batch.getBoolean("is_active") || batch.get("cancelled_at") != null) {
        return new Adds(account, 0, 0);
      }
      Object counted =
          Optional.ofNullable(batch.get("pulso", Document.class))
              .map(pulso -> pulso.get("figures", Document.class))
              .map(figures -> figures.get("total"))
              .orElse(batch.get("total_jobs"));
      return new Adds(account, 1, ((Number) counted).longValue());
    }
  }

  void act(String batchId) {
    acted.add(batchId);
    actedLongAgo.remove(batchId);
  }

  boolean isActed(String batchId) {
    return acted.contains(batchId);
  }

  void letTimePass() {
    actedLongAgo.addAll(acted);
  }

  /** The sums of these batches are stored. */
  void store(List<Document> batches) {
    held.clear();
    batches.forEach(batch -> held.put(batch.getString("batch_id"), Adds.of(batch)));
    acted.removeAll(actedLongAgo);
    actedLongAgo.clear();
  }

  List<Adds> shown(List<Document> batches) {
    Map<String, Adds> shown = new HashMap<>(held);
    batches.stream()
        .filter(batch -> isActed(batch.getString("batch_id")))
        .forEach(batch -> shown.put(batch.getString("batch_id"), Adds.of(batch)));
    return List.copyOf(shown.values());
  }
}
