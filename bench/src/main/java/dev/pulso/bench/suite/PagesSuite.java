package dev.pulso.bench.suite;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.batch.Batches;
import dev.pulso.bench.lab.Events;
import dev.pulso.bench.lab.Installation;
import dev.pulso.bench.lab.Lab;
import dev.pulso.bench.lab.Samples;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.functions.list.BatchListHandler;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Measures pages of a list, from event to JSON, against the driver's find of the same page, and
 * what the indexes of the orders cost a recount.
 */
public final class PagesSuite {
  private static final int PAGE = 100;
  private static final int WARM_UP = 3_000;

  private static final String COUNTERS = "pulso.figures.";

  private final Lab lab;

  public PagesSuite(Lab lab) {
    this.lab = lab;
  }

  public void run() {
    for (int size : lab.isTrial() ? List.of(300, 500) : List.of(2_000, 100_000)) {
      MongoDatabase database = lab.database("pages_" + size);
      ListedBatches.load(database.getCollection("batches"), size);
      Pulso pulso = lab.pulso(database);
      pulso.makeIndexes();
      pages(new BatchListHandler(pulso), database.getCollection("batches"), size);
      database.drop();
    }
    indexes();
  }

  private void pages(BatchListHandler handler, MongoCollection<Document> batches, int size) {
    Bson account = Filters.eq("account_id", Installation.accountId(7));
    Bson newest = Indexes.descending("created_at", "_id");
    // What all pages share is compiled before the first is measured; the driver's find is by then.
    for (int i = 0; i < (lab.isTrial() ? 1 : WARM_UP); i++) {
      ask(handler, "");
    }
    compare(handler, batches, size, "newest", "", new Document(), newest);
    compare(
        handler,
        batches,
        size,
        "newest of one account",
        "account_id=" + Installation.accountId(7),
        account,
        newest);
    Date last = batches.find().sort(newest).skip(PAGE - 1).first().getDate("created_at");
    compare(
        handler,
        batches,
        size,
        "newest, second page",
        secondPage(handler),
        Filters.lt("created_at", last),
        newest);
    compare(
        handler,
        batches,
        size,
        "by name",
        "sort=name",
        new Document(),
        Indexes.ascending("name", "_id"));
    for (String order : List.of("pending_jobs", "total_cost", "last_activity_at")) {
      Bson sort = Indexes.descending(COUNTERS + field(order), "_id");
      compare(handler, batches, size, "by -" + order, "sort=-" + order, new Document(), sort);
    }
    compare(
        handler,
        batches,
        size,
        "of one account by -pending_jobs",
        "sort=-pending_jobs&account_id=" + Installation.accountId(7),
        account,
        Indexes.descending(COUNTERS + "pending", "_id"));
    double most = size > 10_000 ? 150 : 15;
    for (String text : List.of("campana", "polizas+1235", "nowhere", "arena")) {
      String what = "Pulso list, q=" + text;
      Samples samples =
          lab.inTurn(size).with(what, () -> ask(handler, "q=" + text)).run().get(what);
      lab.report().atMost(size, what, samples.median(), most, "ms");
    }
    lab.inTurn(size).with("Pulso list, skip=1000", () -> ask(handler, "skip=1000")).run();
  }

  private static String field(String order) {
    return switch (order) {
      case "pending_jobs" -> "pending";
      case "total_cost" -> "cents";
      default -> order;
    };
  }

  private void compare(
      BatchListHandler handler,
      MongoCollection<Document> batches,
      int size,
      String what,
      String query,
      Bson filter,
      Bson sort) {
    String ours = "Pulso list, " + what;
    String driver = "driver find, " + what;
    Map<String, Samples> times =
        lab.inTurn(size)
            .with(ours, () -> ask(handler, query))
            .with(
                driver,
                () ->
                    batches
                        .find(filter)
                        .projection(Batches.WHOLE)
                        .sort(sort)
                        .limit(PAGE)
                        .into(new ArrayList<>()))
            .run();
    double ratio = times.get(ours).median() / times.get(driver).median();
    lab.report().atMost(size, "list against find, " + what, ratio, 3, "times");
  }

  private static String secondPage(BatchListHandler handler) {
    String link = handler.handleRequest(Events.list(""), null).getHeaders().get("Link");
    return link.substring(link.indexOf('?') + 1, link.indexOf('>'));
  }

  private static void ask(BatchListHandler handler, String query) {
    int status = handler.handleRequest(Events.list(query), null).getStatusCode();
    if (status != 200) {
      throw new IllegalStateException("answered " + status + " to " + query);
    }
  }

  /** Recounts a changed batch with and without the indexes that only lists need. */
  private void indexes() {
    long jobs = lab.isTrial() ? lab.jobs() : 200_000;
    MongoDatabase database = lab.installation(jobs);
    Pulso pulso = lab.pulso(database);
    pulso.makeIndexes();
    while (pulso.runUpkeep(Duration.ofSeconds(47)).groupsUncounted() > 0) {
      lab.say("counting");
    }
    MongoCollection<Document> batches = database.getCollection("batches");
    for (String which : List.of("with", "without", "with again", "without again")) {
      if (which.startsWith("without")) {
        for (String field : List.of("pending", "cents", "last_activity_at")) {
          batches.dropIndex(Indexes.ascending(COUNTERS + field, "_id"));
        }
      } else {
        pulso.makeIndexes();
      }
      Recounter recounter = new Recounter(pulso.db(), ZoneOffset.UTC, new JobIndexes(pulso.db()));
      String batch = Installation.batchId(1_000);
      lab.inTurn(jobs)
          .with(
              "Pulso recount of a changed batch, " + which + " the indexes of three orders",
              () -> recount(recounter, database, batch))
          .run();
    }
  }

  private static void recount(Recounter recounter, MongoDatabase database, String batch) {
    database
        .getCollection("jobs")
        .updateOne(
            Filters.eq("batch_id", batch),
            List.of(
                Updates.set(
                    "status",
                    new Document(
                        "$cond",
                        List.of(
                            new Document("$eq", List.of("$status", "pending")),
                            "done",
                            "pending"))),
                Updates.set("updated_at", "$$NOW")));
    Deadline deadline = Deadline.in(Duration.ofSeconds(25));
    if (recounter.recountNow(JobGroup.of(batch), deadline).isEmpty()) {
      throw new IllegalStateException("the recount did not finish");
    }
  }
}
