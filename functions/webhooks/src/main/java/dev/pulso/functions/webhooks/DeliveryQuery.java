package dev.pulso.functions.webhooks;

import dev.pulso.http.ApiRequest;
import dev.pulso.list.InvalidParameterException;
import java.util.Optional;
import java.util.Set;

/** The query of a list of deliveries. */
record DeliveryQuery(Optional<String> status, Optional<String> cursor, int limit) {
  private static final Set<String> STATUSES = Set.of("pending", "succeeded", "failed");
  private static final int MOST = 100;

  /**
   * Parses a query.
   *
   * @throws InvalidParameterException when a parameter has an invalid value
   */
  static DeliveryQuery parse(ApiRequest request) {
    Optional<String> status = given(request, "status");
    if (status.filter(value -> !STATUSES.contains(value)).isPresent()) {
      throw new InvalidParameterException("status", "must be pending, succeeded or failed.");
    }
    int limit = given(request, "limit").map(DeliveryQuery::limit).orElse(MOST);
    return new DeliveryQuery(status, given(request, "cursor"), limit);
  }

  private static Optional<String> given(ApiRequest request, String name) {
    return request.queryParameter(name).filter(value -> !value.isEmpty());
  }

  private static int limit(String text) {
    int limit = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MOST) {
      throw new InvalidParameterException(
          "limit", "must be a whole number from 1 to " + MOST + ".");
    }
    return limit;
  }
}
