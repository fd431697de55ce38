/**
 * Finds or starts the MongoDB that {@code ./run} and the tests work with: always a real server,
 * always a replica set, because snapshots need one. For tests there is a real Redis too.
 */
package dev.pulso.local.database;
