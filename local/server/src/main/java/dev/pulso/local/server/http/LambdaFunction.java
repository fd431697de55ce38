package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.time.Duration;

/**
 * A function that answers requests.
 *
 * @param name its logical name in the template
 * @param timeout its timeout
 * @param memoryMb its memory in MiB
 * @param handler its handler; called by many threads at once
 */
public record LambdaFunction(
    String name,
    Duration timeout,
    int memoryMb,
    RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler) {}
