package dev.pulso.operations;

import java.util.Optional;

/**
 * What a caller asks for.
 *
 * @param reason of a cancel
 */
public record OperationRequest(BatchAction action, BatchChoice choice, Optional<String> reason) {}
