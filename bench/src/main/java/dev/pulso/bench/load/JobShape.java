package dev.pulso.bench.load;

import java.time.Duration;
import java.time.Instant;
import org.bson.BsonBinaryWriter;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;
import org.bson.types.ObjectId;

/**
 * Writes jobs of about 1 KB as uploaders and both kinds of workers leave them, straight to BSON: a
 * loader that builds maps first spends more time than the server that it feeds.
 */
public final class JobShape {
  private static final String TRANSCRIPT =
      "Agent: Buenos dias, le llamo por su factura pendiente. User: Si, puedo pagar el viernes. "
          + "Agent: Perfecto, queda registrado el compromiso de pago. Gracias y hasta luego.";

  private final Installation installation;
  private final BasicOutputBuffer buffer = new BasicOutputBuffer(2_048);

  public JobShape(Installation installation) {
    this.installation = installation;
  }

  /** The job of that number in the mixture of an installation that has run for a while. */
  public RawBsonDocument job(long number) {
    int batch = installation.batchOf(number);
    return job(number, batch < 0 ? null : Installation.batchId(batch), batch, status(number));
  }

  /** A job of a batch with a status of the caller's. */
  public RawBsonDocument job(long number, String batchId, int batch, String status) {
    buffer.truncateToPosition(0);
    try (BsonBinaryWriter bson = new BsonBinaryWriter(buffer)) {
      write(bson, number, batchId, batch, status);
    }
    return new RawBsonDocument(buffer.toByteArray());
  }

  private static String status(long number) {
    int percent = Mix.below(100, number * 31 + 7);
    if (percent < 40) {
      return "pending";
    }
    if (percent < 58) {
      return "done";
    }
    if (percent < 76) {
      return "completed";
    }
    if (percent < 92) {
      return "failed";
    }
    return percent < 94 ? "in_progress" : percent < 96 ? "suspended" : "cancelled";
  }

  private void write(BsonBinaryWriter bson, long number, String batchId, int batch, String status) {
    String account = Installation.accountId(installation.accountOf(batch, number));
    long created = installation.uploadedAt(batch, number).toEpochMilli();
    bson.writeStartDocument();
    bson.writeObjectId("_id", new ObjectId((int) (created / 1000), (int) number & 0xffffff));
    bson.writeString("job_id", "job_acc-chil_20251015_%016x".formatted(Mix.of(number)));
    bson.writeString("account_id", account);
    if (batchId != null) {
      bson.writeString("batch_id", batchId);
    }
    bson.writeString("status", status);
    bson.writeString("mode", "single");
    bson.writeInt32("attempts", 1);
    bson.writeInt32("max_attempts", 3);
    bson.writeString("deduplication_key", account + "::" + number + "-1::" + batchId);
    contact(bson, number);
    payload(bson, number);
    bson.writeDouble("estimated_cost", 0.45);
    bson.writeDateTime("created_at", created);
    long ended = created + Duration.ofMinutes(20).toMillis() + Mix.below(3_600_000, number);
    switch (status) {
      case "completed" -> call(bson, number, ended, false);
      case "done", "failed" -> call(bson, number, ended, true);
      default -> bson.writeDateTime("updated_at", created);
    }
    bson.writeEndDocument();
  }

  private static void contact(BsonBinaryWriter bson, long number) {
    bson.writeStartDocument("contact");
    bson.writeString("name", "Diego Morales Diaz");
    bson.writeString("dni", number + "-1");
    bson.writeStartArray("phones");
    bson.writeString("+5697345" + Mix.below(10_000, number));
    bson.writeString("+562245679" + number % 100);
    bson.writeEndArray();
    bson.writeInt32("next_phone_index", 0);
    bson.writeEndDocument();
    bson.writeString("to_number", "+5697345" + Mix.below(10_000, number));
  }

  private static void payload(BsonBinaryWriter bson, long number) {
    bson.writeStartDocument("payload");
    bson.writeDouble("debt_amount", Mix.below(2_000_000, number));
    bson.writeString("due_date", "2026-12-25");
    bson.writeString("company_name", "Telco Norte");
    bson.writeString("reference_number", "REF-%08d".formatted(number));
    bson.writeStartDocument("additional_info");
    bson.writeInt32("cantidad_cupones", 6);
    bson.writeString("fecha_maxima", "2027-01-07");
    bson.writeString("origen", "excel");
    bson.writeEndDocument();
    bson.writeEndDocument();
  }

  private static void call(BsonBinaryWriter bson, long number, long ended, boolean summarised) {
    bson.writeDateTime("updated_at", ended);
    bson.writeDateTime("started_at", ended - 104_789);
    bson.writeString("worker_id", "bot-" + number % 40);
    bson.writeStartDocument("call_result");
    if (summarised) {
      bson.writeBoolean("success", true);
      bson.writeStartDocument("summary");
      ended(bson, number);
      bson.writeEndDocument();
      bson.writeDateTime("timestamp", ended);
    } else {
      ended(bson, number);
    }
    bson.writeEndDocument();
    bson.writeDateTime(summarised ? "finished_at" : "completed_at", ended);
  }

  private static void ended(BsonBinaryWriter bson, long number) {
    bson.writeString("call_id", "call_%032x".formatted(Mix.of(number)));
    bson.writeString("call_status", "ended");
    bson.writeString("disconnection_reason", "user_hangup");
    bson.writeInt32("duration_ms", 1_000 + Mix.below(240_000, number));
    bson.writeStartDocument("call_cost");
    bson.writeDouble("combined_cost", Mix.below(100_000, number) / 1_000.0);
    bson.writeInt32("total_duration_seconds", 104);
    bson.writeEndDocument();
    bson.writeString("transcript", TRANSCRIPT);
  }

  /** The moment that the newest uploads were made at. */
  public Instant now() {
    return installation.now();
  }
}
