package dev.pulso.list;

/** Thrown when a parameter of a query has an invalid value. The client receives the message. */
public final class InvalidParameterException extends RuntimeException {
  /**
   * @param name the parameter
   * @param rule what its values have to be, after the name; never contains input
   */
  public InvalidParameterException(String name, String rule) {
    super(name + " " + rule);
  }
}
