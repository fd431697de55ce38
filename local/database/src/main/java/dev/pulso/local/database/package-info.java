/**
 * Finds or starts the MongoDB for {@code ./run} and the tests: always a real server, and always a
 * replica set, because snapshot reads need one. Tests also get a real Redis.
 */
package dev.pulso.local.database;
