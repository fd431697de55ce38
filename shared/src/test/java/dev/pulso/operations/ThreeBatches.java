package dev.pulso.operations;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchState;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.list.SearchText;
import dev.pulso.operations.OperationOutcome.Accepted;
import dev.pulso.operations.OperationOutcome.Preview;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** Operations on three batches: two of Chile, one of which is paused, and one of Peru. */
abstract class ThreeBatches {
  static final Origin ANA =
      new Origin(Optional.of("ana"), Optional.of("192.0.2.1"), Optional.of("r-1"));
  static final Optional<String> NO_REASON = Optional.empty();
  static final BatchChoice ALL = new BatchChoice.All();

  @AutoClose final PulsoFixture fixture = PulsoFixture.open();
  final OperationService operations = fixture.pulso().services().operations();

  @BeforeEach
  void upload() {
    fixture.batches(
        batch("active"),
        batch("paused").append("is_active", false),
        batch("peru").append("account_id", "acc-peru-001"));
    for (String batch : List.of("active", "paused", "peru")) {
      fixture.jobs(jobs(3, batch, "pending"));
      fixture.jobs(jobs(2, batch, "cancelled"));
      fixture.jobs(jobs(1, batch, "in_progress"));
    }
  }

  Operation run(BatchAction action, BatchChoice choice, Optional<String> reason) {
    OperationRequest request = new OperationRequest(action, choice, reason);
    Preview preview = (Preview) operations.preview(Caller.ANONYMOUS, request, ANA);
    Accepted accepted =
        (Accepted) operations.start(Caller.ANONYMOUS, request, preview.batches(), ANA, soon());
    return finished(accepted.operationId());
  }

  String start(BatchAction action, BatchChoice choice, int expected) {
    OperationOutcome outcome =
        operations.start(Caller.ANONYMOUS, request(action, choice), expected, ANA, soon());
    return ((Accepted) outcome).operationId();
  }

  Preview preview(BatchAction action, BatchChoice choice) {
    return (Preview) operations.preview(Caller.ANONYMOUS, request(action, choice), ANA);
  }

  /** Carries an operation on until it is finished. */
  Operation finished(String id) {
    Eventually.isTrue(Duration.ofMinutes(4), () -> found(id).finishedAt().isPresent());
    return found(id);
  }

  /** Makes an operation on these batches unfinished, as if its process had died. */
  void unfinish(String id, String... batches) {
    List<Object> ids = Stream.of(batches).map(batch -> stored(batch).get("_id")).toList();
    Document all = new Document("batches", ids).append("changes", ids.size());
    change(id, new Document("$set", all.append("unfinished", true)));
    change(id, Document.parse("{$unset: {finished_at: 1}}"));
  }

  void change(String operation, Document change) {
    fixture.db().operations().updateOne(new Document("_id", new ObjectId(operation)), change);
  }

  Operation found(String id) {
    return operations.find(Caller.ANONYMOUS, id, ANA, soon()).orElseThrow();
  }

  boolean seen(String id, Caller caller) {
    return operations.find(caller, id, ANA, soon()).isPresent();
  }

  void cancel(String batch) {
    fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress(batch), Optional.of("first"), ANA, soon());
  }

  /** Lets the server refuse batches that do not match. */
  void validate(Document validator) {
    String batches = fixture.db().batches().getNamespace().getCollectionName();
    fixture
        .db()
        .database()
        .runCommand(new Document("collMod", batches).append("validator", validator));
  }

  static OperationRequest request(BatchAction action, BatchChoice choice) {
    return new OperationRequest(action, choice, NO_REASON);
  }

  static BatchChoice named(String... addresses) {
    return new BatchChoice.Named(Stream.of(addresses).map(BatchAddress::new).toList());
  }

  static BatchChoice ofAccount(Set<BatchState> states, Optional<SearchText> text) {
    return new BatchChoice.OfAccount("acc-chile-001", states, text);
  }

  static Caller caller(String... accounts) {
    return new Caller(Optional.of("ana"), Accounts.of(Set.of(accounts)), true, true);
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  static Document byId(String batch) {
    return new Document("batch_id", batch);
  }

  static Document set(String field, Object value) {
    return new Document("$set", new Document(field, value));
  }

  List<Document> batches() {
    return fixture.db().batches().find().into(new ArrayList<>());
  }

  Document stored(String batch) {
    return fixture.db().batches().find(byId(batch)).first();
  }

  List<Document> audit(String batch) {
    return fixture
        .db()
        .auditLog()
        .find(byId(batch))
        .sort(new Document("at", 1))
        .into(new ArrayList<>());
  }
}
