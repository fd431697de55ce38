/**
 * Finds or starts the MongoDB that {@code ./run} and the tests work with: always a real server,
 * always a replica set, because transactions need one.
 */
package dev.pulso.local.database;
