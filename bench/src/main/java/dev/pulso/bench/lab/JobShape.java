package dev.pulso.bench.lab;

import static dev.pulso.bench.lab.Installation.below;
import static dev.pulso.bench.lab.Installation.mixed;

import java.time.Duration;
import java.util.Optional;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonValueCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.bson.types.ObjectId;

/**
 * Writes jobs of about 1 KB, like uploaders and both kinds of workers, directly as BSON: building
 * maps first would take longer than the server needs.
 */
final class JobShape {
  private static final BsonValueCodec VALUES = new BsonValueCodec();

  private static final BsonDocument UPLOADED =
      BsonDocument.parse(
          """
          {"mode": "single", "attempts": 1, "max_attempts": 3,
           "contact": {"name": "Diego Morales Diaz", "dni": "12345678-1",
             "phones": ["+56973451234", "+5622456790"], "next_phone_index": 0},
           "to_number": "+56973451234",
           "payload": {"debt_amount": 1234567.0, "due_date": "2026-12-25",
             "company_name": "Telco Norte", "reference_number": "REF-00001234",
             "additional_info": {"cantidad_cupones": 6, "fecha_maxima": "2027-01-07",
               "origen": "excel"}},
           "estimated_cost": 0.45}
          """);

  private static final String TRANSCRIPT =
      "Agent: Buenos dias, le llamo por su factura pendiente. User: Si, puedo pagar el viernes. "
          + "Agent: Perfecto, queda registrado el compromiso de pago. Gracias y hasta luego.";

  private final Installation installation;
  private final BasicOutputBuffer buffer = new BasicOutputBuffer(2_048);

  JobShape(Installation installation) {
    this.installation = installation;
  }

  /** Returns a job of an installation that has run for a while. */
  RawBsonDocument job(long number) {
    int batch = installation.batchOf(number);
    Optional<String> id = Optional.of(batch).filter(b -> b >= 0).map(Installation::batchId);
    return job(number, id, batch, status(number));
  }

  /** Returns a pending job. */
  RawBsonDocument pending(long number, String batchId) {
    return job(number, Optional.of(batchId), 0, "pending");
  }

  private static String status(long number) {
    int percent = below(100, number * 31 + 7);
    return percent < 40
        ? "pending"
        : percent < 58
            ? "done"
            : percent < 76
                ? "completed"
                : percent < 92
                    ? "failed"
                    : percent < 94 ? "in_progress" : percent < 96 ? "suspended" : "cancelled";
  }

  private RawBsonDocument job(long number, Optional<String> batchId, int batch, String status) {
    String account = Installation.accountId(installation.accountOf(batch, number));
    long created = installation.uploadedAt(batch, number).toEpochMilli();
    buffer.truncateToPosition(0);
    try (BsonBinaryWriter bson = new BsonBinaryWriter(buffer)) {
      bson.writeStartDocument();
      bson.writeObjectId("_id", new ObjectId((int) (created / 1000), (int) number & 0xffffff));
      bson.writeString("job_id", "job_acc-chil_20251015_%016x".formatted(mixed(number)));
      bson.writeString("account_id", account);
      batchId.ifPresent(id -> bson.writeString("batch_id", id));
      bson.writeString("status", status);
      bson.writeString("deduplication_key", account + "::" + number + "-1::" + batchId.orElse(""));
      bson.writeDateTime("created_at", created);
      write(bson, UPLOADED);
      long ended = created + Duration.ofMinutes(20).toMillis() + below(3_600_000, number);
      switch (status) {
        case "completed" -> call(bson, number, ended, false);
        case "done", "failed" -> call(bson, number, ended, true);
        default -> bson.writeDateTime("updated_at", created);
      }
      bson.writeEndDocument();
    }
    return new RawBsonDocument(buffer.toByteArray());
  }

  private static void write(BsonBinaryWriter bson, BsonDocument fields) {
    fields.forEach(
        (name, value) -> {
          bson.writeName(name);
          VALUES.encode(bson, value, EncoderContext.builder().build());
        });
  }

  private static void call(BsonBinaryWriter bson, long number, long ended, boolean summarised) {
    bson.writeDateTime("updated_at", ended);
    bson.writeDateTime("started_at", ended - 104_789);
    bson.writeString("worker_id", "bot-" + number % 40);
    bson.writeStartDocument("call_result");
    if (summarised) {
      bson.writeBoolean("success", true);
      bson.writeStartDocument("summary");
    }
    bson.writeString("call_id", "call_%032x".formatted(mixed(number)));
    bson.writeString("call_status", "ended");
    bson.writeString("disconnection_reason", "user_hangup");
    bson.writeInt32("duration_ms", 1_000 + below(240_000, number));
    bson.writeStartDocument("call_cost");
    bson.writeDouble("combined_cost", below(100_000, number) / 1_000.0);
    bson.writeInt32("total_duration_seconds", 104);
    bson.writeEndDocument();
    bson.writeString("transcript", TRANSCRIPT);
    if (summarised) {
      bson.writeEndDocument();
      bson.writeDateTime("timestamp", ended);
    }
    bson.writeEndDocument();
    bson.writeDateTime(summarised ? "finished_at" : "completed_at", ended);
  }
}
