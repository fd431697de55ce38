package dev.pulso.property;

import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.operations.BatchAction;
import dev.pulso.operations.BatchChoice;
import dev.pulso.operations.OperationOutcome;
import dev.pulso.operations.OperationOutcome.Accepted;
import dev.pulso.operations.OperationOutcome.Preview;
import dev.pulso.operations.OperationRequest;
import dev.pulso.operations.OperationService;
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

  /** POST batch-operations: all batches at once, as many as there are to change now. */
  record Operate(BatchAction action, Optional<String> reason) implements Deed {
    @Override
    public Consumer<Pulso> work() {
      return pulso -> {
        OperationService operations = pulso.services().operations();
        OperationRequest request = new OperationRequest(action, new BatchChoice.All(), reason);
        Preview preview = (Preview) operations.preview(Caller.ANONYMOUS, request, somebody());
        OperationOutcome outcome =
            operations.start(Caller.ANONYMOUS, request, preview.batches(), somebody(), soon());
        if (outcome instanceof Accepted accepted) {
          operations.find(Caller.ANONYMOUS, accepted.operationId(), somebody(), soon());
        }
      };
    }

    @Override
    public String toString() {
      return "Pulso does to all at once: "
          + action.value()
          + reason.map(r -> " because \"" + r + "\"").orElse("");
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
