package dev.pulso.functions.operations;

import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchState;
import dev.pulso.cancel.CancelReason;
import dev.pulso.http.BadRequestException;
import dev.pulso.http.StrictJson;
import dev.pulso.list.BatchSelection;
import dev.pulso.list.SearchText;
import dev.pulso.operations.BatchAction;
import dev.pulso.operations.BatchChoice;
import dev.pulso.operations.OperationRequest;
import dev.pulso.text.InputText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The body of a POST. Everything in it is checked: what is misunderstood here may cancel the wrong
 * batches.
 *
 * @param expected how many batches the caller expects to change; 0 in a dry run
 */
record OperationBody(OperationRequest request, boolean isDryRun, long expected) {
  private static final Set<String> FIELDS =
      Set.of(
          "action",
          "batch_ids",
          "account_id",
          "status",
          "q",
          "all",
          "reason",
          "dry_run",
          "expected");

  private static final int MOST_IDS = 1_000;

  /**
   * Parses a body.
   *
   * @throws BadRequestException when anything in it is unknown, missing or of a wrong type
   */
  static OperationBody parse(String json) {
    StrictJson body = StrictJson.parse(json);
    if (!FIELDS.containsAll(body.names())) {
      throw StrictJson.invalid(
          "The body may have these fields only: action, batch_ids,"
              + " account_id, status, q, all, reason, dry_run, expected.");
    }
    BatchAction action =
        body.text("action")
            .flatMap(BatchAction::of)
            .orElseThrow(() -> StrictJson.invalid("action must be cancel, pause or resume."));
    boolean isDryRun = body.flag("dry_run").orElse(false);
    Optional<Long> expected = body.wholeNumber("expected");
    if (expected.filter(number -> number < 0).isPresent()) {
      throw StrictJson.invalid("expected must not be negative.");
    }
    if (!isDryRun && expected.isEmpty()) {
      throw new BadRequestException(
          "EXPECTED_REQUIRED",
          "expected is required: the number of batches in the answer to a dry run.");
    }
    OperationRequest request = new OperationRequest(action, choice(body), reason(body, action));
    return new OperationBody(request, isDryRun, expected.orElse(0L));
  }

  private static Optional<String> reason(StrictJson body, BatchAction action) {
    Optional<String> reason = body.isNull("reason") ? Optional.empty() : body.text("reason");
    if (reason.isPresent() && action != BatchAction.CANCEL) {
      throw StrictJson.invalid("Only a cancel can have a reason.");
    }
    return CancelReason.parse(reason);
  }

  private static BatchChoice choice(StrictJson body) {
    if (Stream.of("batch_ids", "account_id", "all").filter(body::has).count() != 1) {
      throw StrictJson.invalid("Select batches by one of batch_ids, account_id and all.");
    }
    if (body.has("account_id")) {
      return ofAccount(body);
    }
    if (body.has("status") || body.has("q")) {
      throw StrictJson.invalid("status and q can only narrow an account_id.");
    }
    if (body.has("all")) {
      if (!body.flag("all").orElseThrow()) {
        throw StrictJson.invalid("all can only be true.");
      }
      return new BatchChoice.All();
    }
    List<String> ids = body.texts("batch_ids");
    if (ids.isEmpty() || ids.size() > MOST_IDS || !ids.stream().allMatch(InputText::isId)) {
      throw StrictJson.invalid(
          "batch_ids must have 1 to "
              + MOST_IDS
              + " texts of 1 to "
              + InputText.LONGEST_ID
              + " characters without control characters.");
    }
    return new BatchChoice.Named(ids.stream().map(BatchAddress::new).toList());
  }

  private static BatchChoice ofAccount(StrictJson body) {
    String account = body.text("account_id").orElseThrow();
    if (!InputText.isId(account)) {
      throw StrictJson.invalid("account_id " + InputText.ID_RULE);
    }
    Optional<String> status = body.text("status");
    Optional<String> q = body.text("q");
    // In a list, an empty one counts as none. Here that could select far more than was meant.
    if (Stream.of(status, q).anyMatch(text -> text.filter(InputText::isBlank).isPresent())) {
      throw StrictJson.invalid("status and q must not be empty; leave them out.");
    }
    Set<BatchState> states = BatchSelection.states(status);
    return new BatchChoice.OfAccount(account, states, SearchText.parse(q));
  }
}
