package dev.pulso.local.server.template;

/** Thrown at start when the template cannot be served. The message says what is wrong and where. */
public final class TemplateException extends RuntimeException {
  public TemplateException(String message) {
    super(message);
  }

  public TemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
