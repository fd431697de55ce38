package dev.pulso.local.server.http;

import java.util.function.Supplier;

/**
 * A page that the server answers without a function.
 *
 * @param path its path
 * @param contentType its media type
 * @param content called for each request
 */
public record Page(String path, String contentType, Supplier<byte[]> content) {}
