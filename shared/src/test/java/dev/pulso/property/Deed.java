package dev.pulso.property;

import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** An operation of Pulso. */
sealed interface Deed {
  /** Returns the operation. */
  Consumer<Pulso> work();

  /** POST cancel. */
  record Cancel(String batch, Optional<String> reason) implements Deed {
    @Override
    public Consumer<Pulso> work() {
      return World.unlessDeleted(
          pulso ->
              pulso
                  .services()
                  .cancel()
                  .cancel(Caller.ANONYMOUS, new BatchAddress(batch), reason, somebody(), soon()));
    }

    @Override
    public String toString() {
      return "Pulso cancels " + batch + reason.map(r -> " because \"" + r + "\"").orElse("");
    }
  }

  /** GET status. */
  record Poll(String batch) implements Deed {
    @Override
    public Consumer<Pulso> work() {
      return World.unlessDeleted(
          pulso -> pulso.services().status().status(Accounts.ALL, new BatchAddress(batch), soon()));
    }

    @Override
    public String toString() {
      return "Pulso tells the status of " + batch;
    }
  }

  /** POST pause or resume. */
  record Pause(String batch, boolean resumes) implements Deed {
    @Override
    public Consumer<Pulso> work() {
      BatchAddress address = new BatchAddress(batch);
      return World.unlessDeleted(
          pulso -> {
            if (resumes) {
              pulso.services().pause().resume(Caller.ANONYMOUS, address, somebody());
            } else {
              pulso.services().pause().pause(Caller.ANONYMOUS, address, somebody());
            }
          });
    }

    @Override
    public String toString() {
      return "Pulso " + (resumes ? "resumes " : "pauses ") + batch;
    }
  }

  /** An upkeep run. */
  record Upkeep() implements Deed {
    @Override
    public Consumer<Pulso> work() {
      return pulso -> pulso.runUpkeep(Duration.ofSeconds(20));
    }

    @Override
    public String toString() {
      return "Pulso does its upkeep";
    }
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static Origin somebody() {
    return new Origin(Optional.of("somebody"), Optional.empty(), Optional.empty());
  }
}
