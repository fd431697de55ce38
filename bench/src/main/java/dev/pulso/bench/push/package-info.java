/** The reach of push: thousands of WebSocket connections to {@code ./run}. */
package dev.pulso.bench.push;
