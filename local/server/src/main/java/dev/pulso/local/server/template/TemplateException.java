package dev.pulso.local.server.template;

/** Thrown at start when the template can't be served; its message says what is wrong where. */
public final class TemplateException extends RuntimeException {
  /** With a message for the person who wrote the template. */
  public TemplateException(String message) {
    super(message);
  }

  /** With a message for the person who wrote the template, and what led to it. */
  public TemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
