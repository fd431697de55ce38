package dev.pulso.config;

/** Thrown at start when an environment variable has an invalid value. */
public final class InvalidSettingException extends RuntimeException {
  InvalidSettingException(String name, String rule, Throwable cause) {
    super("Environment variable " + name + " must be " + rule + ".", cause);
  }
}
