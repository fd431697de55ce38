package dev.pulso.local.server.http;

import java.util.function.Supplier;

/**
 * What the server itself answers besides the functions.
 *
 * @param path where it is found
 * @param contentType what it is
 * @param content made anew for each request
 */
public record Page(String path, String contentType, Supplier<byte[]> content) {}
