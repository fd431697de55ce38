package dev.pulso.config;

/** Thrown at start when an environment variable has an invalid value. */
public final class InvalidSettingException extends RuntimeException {
  private final String name;

  InvalidSettingException(String name, String rule, Throwable cause) {
    super("Environment variable " + name + " must be " + rule + ".", cause);
    this.name = name;
  }

  /** Returns the name of the variable. */
  public String name() {
    return name;
  }
}
