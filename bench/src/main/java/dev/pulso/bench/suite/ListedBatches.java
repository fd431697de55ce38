package dev.pulso.bench.suite;

import com.mongodb.client.MongoCollection;
import dev.pulso.bench.lab.Installation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.Decimal128;

/** Batches for lists: as after a recount, but for a few that were not counted yet. */
final class ListedBatches {
  private static final int ACCOUNTS = 50;
  private static final int CHUNK = 10_000;

  /** As many as are uploaded within a minute, until upkeep counts them. */
  private static final int UNCOUNTED = 20;

  private static final List<String> NAMES =
      List.of("Cobranza marzo", "Campaña Álamo", "Recordatorio de pago", "Renovación pólizas");

  private ListedBatches() {}

  /** Replaces the batches of a collection. */
  static void load(MongoCollection<Document> batches, int size) {
    batches.drop();
    List<Document> chunk = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      chunk.add(batch(i));
      if (chunk.size() == CHUNK || i == size - 1) {
        batches.insertMany(chunk);
        chunk.clear();
      }
    }
  }

  private static Document batch(int i) {
    Date created = Date.from(Instant.parse("2025-01-15T10:30:00Z").plusSeconds(60L * i));
    Date later = Date.from(Instant.now().plus(Duration.ofDays(1)));
    Document pulso = new Document("due_at", later);
    if (i >= UNCOUNTED) {
      pulso.append(
          "figures",
          new Document("token", 5L)
              .append("taken_at", created)
              .append("total", 1_000L)
              .append("pending", (long) Math.floorMod(i * 7_919, 1_000))
              .append("scheduled", 0L)
              .append("completed", 500L)
              .append("failed", 3L)
              .append("suspended", 1L)
              .append("cancelled", 0L)
              .append("open", (long) (i * 7 % 1_000))
              .append("cents", new Decimal128(i * 7919L % 100_003))
              .append("ms", new Decimal128(i * 60_000L))
              .append(
                  "last_activity_at", Date.from(created.toInstant().plusSeconds(i * 31L % 9_999))));
    }
    return new Document("batch_id", Installation.batchId(i))
        .append("account_id", Installation.accountId(i % ACCOUNTS))
        .append("name", NAMES.get(i % NAMES.size()) + " " + i)
        .append(
            "description", "Llamadas de la campaña de otoño a clientes con saldo pendiente " + i)
        .append("is_active", i % 3 == 0)
        .append("priority", 2)
        .append("total_jobs", 1_000)
        .append("pending_jobs", i * 7 % 1_000)
        .append("completed_jobs", 500)
        .append("failed_jobs", 3)
        .append("suspended_jobs", 1)
        .append("total_cost", 12.5)
        .append("total_minutes", 3.3)
        .append("estimated_cost", 450.0)
        .append("call_settings", new Document("voice", "es-CL").append("prompt", "x".repeat(300)))
        .append("created_at", created)
        .append("started_at", created)
        .append("updated_at", created)
        .append("pulso", pulso);
  }
}
