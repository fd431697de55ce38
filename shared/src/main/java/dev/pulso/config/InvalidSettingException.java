package dev.pulso.config;

/** Thrown at start when an environment variable holds a value that it can't hold. */
public final class InvalidSettingException extends RuntimeException {
  InvalidSettingException(String name, String rule, Throwable cause) {
    super("The environment variable " + name + " has to be " + rule + ".", cause);
  }
}
