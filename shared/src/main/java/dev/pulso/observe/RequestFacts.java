package dev.pulso.observe;

import java.util.Optional;

/**
 * What is known of a request before it is answered.
 *
 * @param endpoint the function
 * @param route the route that it took, with the names of its variables
 * @param method its method, if it is one that exists
 * @param requestId the gateway's id of it
 */
public record RequestFacts(
    String endpoint, Optional<String> route, String method, Optional<String> requestId) {}
