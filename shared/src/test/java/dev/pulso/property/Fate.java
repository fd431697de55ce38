package dev.pulso.property;

/**
 * What befalls a process, and when.
 *
 * @param call at which of its calls to the database, from 1
 * @param moment before or after the server does what that call says
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

  /** Nothing befalls it. */
  static final Fate NONE = new Fate(Integer.MAX_VALUE, Moment.BEFORE);

  @Override
  public String toString() {
    return moment.text + " its call " + call;
  }
}
