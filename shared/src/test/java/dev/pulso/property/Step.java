package dev.pulso.property;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import dev.pulso.fixture.Builders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** One step of a story; its text is a line of the story. */
sealed interface Step {
  void happen(World world);

  /** An uploader adds jobs, in any state of the batch; {@code null}: single calls. */
  record Upload(String batch, List<String> statuses, int clock) implements Step {
    @Override
    public void happen(World world) {
      for (String status : statuses) {
        Document job =
            Builders.job(batch, status)
                .append("_id", world.nextJobId())
                .append("account_id", "acc-" + batch)
                .append("attempts", 0)
                .append("max_attempts", 3)
                .append("created_at", at(clock))
                .append("updated_at", null)
                .append("payload", new Document("nombre", "José"));
        world.db().jobs().insertOne(job);
      }
    }

    @Override
    public String toString() {
      return "an uploader adds " + statuses + " to " + batch + off(clock);
    }
  }

  /** A worker claims a job; a late one looked at the batch before its marker. */
  record Claim(String batch, boolean late, int clock) implements Step {
    @Override
    public void happen(World world) {
      if (late
          || world.db().batches().find(and(eq("batch_id", batch), eq("is_active", true))).first()
              != null) {
        world
            .db()
            .jobs()
            .updateOne(
                and(eq("batch_id", batch), in("status", "pending", "failed")),
                combine(
                    set("status", "in_progress"),
                    set("started_at", at(clock)),
                    set("updated_at", at(clock)),
                    inc("attempts", 1)));
      }
    }

    @Override
    public String toString() {
      return "a worker claims a job of "
          + batch
          + (late ? ", having looked at the batch before" : "")
          + off(clock);
    }
  }

  /** A worker ends a call in one of the ways in the contract. */
  record EndCall(String batch, Ending ending, double cents, long ms, int clock) implements Step {
    enum Ending {
      DONE,
      COMPLETED,
      RETRY,
      FAILED,
      SUSPENDED
    }

    @Override
    public void happen(World world) {
      Date now = at(clock);
      List<Bson> changes = new ArrayList<>(List.of(set("updated_at", now)));
      switch (ending) {
        case DONE -> {
          changes.add(set("status", "done"));
          changes.add(set("finished_at", now));
          changes.add(set("call_result", Builders.call(cents, ms)));
        }
        case COMPLETED -> {
          changes.add(set("status", "completed"));
          changes.add(set("completed_at", now));
          changes.add(set("call_result", Builders.summarised(cents, ms)));
        }
        case RETRY -> {
          changes.add(set("status", "pending"));
          changes.add(set("next_try_at", now));
        }
        case FAILED -> {
          changes.add(set("status", "failed"));
          changes.add(set("call_result", Builders.call(cents, ms)));
        }
        case SUSPENDED -> changes.add(set("status", "suspended"));
      }
      world
          .db()
          .jobs()
          .updateOne(and(eq("batch_id", batch), eq("status", "in_progress")), combine(changes));
      // The workers' own rates, which Pulso does not trust.
      world
          .db()
          .batches()
          .updateOne(
              eq("batch_id", batch),
              combine(inc("total_cost", cents / 99), inc("completed_jobs", 1)));
    }

    @Override
    public String toString() {
      return "a worker ends a call of " + batch + ": " + ending + off(clock);
    }
  }

  /** Another program makes a batch active, even a cancelled one. */
  record Activate(String batch) implements Step {
    @Override
    public void happen(World world) {
      world.db().batches().updateOne(eq("batch_id", batch), set("is_active", true));
    }

    @Override
    public String toString() {
      return "another program makes " + batch + " active";
    }
  }

  /** A batch is deleted, and its jobs stay. */
  record Delete(String batch) implements Step {
    @Override
    public void happen(World world) {
      // Deleting a batch loses its outbox. Assumes that a batch is not deleted within a minute of a
      // crash.
      if (world.db().batches().find(and(eq("batch_id", batch), exists("pulso.outbox"))).first()
          != null) {
        new Does(new Deed.Upkeep()).happen(world);
      }
      world.db().batches().deleteOne(eq("batch_id", batch));
    }

    @Override
    public String toString() {
      return "somebody deletes " + batch + " and leaves its jobs";
    }
  }

  /** Leases expire, and polls are due again. */
  record TimePasses() implements Step {
    @Override
    public void happen(World world) {
      world.letTimePass();
    }

    @Override
    public String toString() {
      return "a minute passes";
    }
  }

  /** Frozen processes continue. */
  record Thaw() implements Step {
    @Override
    public void happen(World world) {
      world.thaw();
    }

    @Override
    public String toString() {
      return "whoever stood still goes on";
    }
  }

  /** Pulso finishes an operation. */
  record Does(Deed deed) implements Step {
    @Override
    public void happen(World world) {
      world.act(deed.work());
    }

    @Override
    public String toString() {
      return deed.toString();
    }
  }

  /** Pulso dies during an operation, if it makes that many calls. */
  record Dies(Deed deed, Fate fate) implements Step {
    @Override
    public void happen(World world) {
      world.act(fate, deed.work());
      world.letTimePass();
    }

    @Override
    public String toString() {
      return deed + ", and dies " + fate;
    }
  }

  /** Pulso freezes during an operation, if it makes that many calls. */
  record Freezes(Deed deed, Fate fate) implements Step {
    @Override
    public void happen(World world) {
      world.freeze(fate, deed.work());
    }

    @Override
    public String toString() {
      return deed + ", and stands still " + fate;
    }
  }

  private static Date at(int clock) {
    return Date.from(Instant.now().plusSeconds(clock));
  }

  private static String off(int clock) {
    return clock == 0 ? "" : " (clock off by " + clock + " s)";
  }
}
