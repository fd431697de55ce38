package dev.pulso.overview;

/**
 * An overview as it is answered.
 *
 * @param body the JSON
 * @param tag names its state, whenever the figures were taken
 * @param isComplete false while jobs are still being counted for the first time: then it is not
 *     kept, because it is wrong the next moment
 */
public record Page(String body, String tag, boolean isComplete) {}
