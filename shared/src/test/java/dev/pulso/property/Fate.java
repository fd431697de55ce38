package dev.pulso.property;

/**
 * When a process is stopped.
 *
 * @param call the number of its database call, from 1
 * @param moment before or after the server executes the call
 */
record Fate(int call, Moment moment) {
  enum Moment {
    BEFORE("before the server saw"),
    AFTER("after the server did");

    private final String text;

    Moment(String text) {
      this.text = text;
    }
  }

  /** The process is not stopped. */
  static final Fate NONE = new Fate(Integer.MAX_VALUE, Moment.BEFORE);

  @Override
  public String toString() {
    return moment.text + " its call " + call;
  }
}
