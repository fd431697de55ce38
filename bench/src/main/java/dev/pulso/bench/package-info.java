/** Measures Pulso against the usual alternatives. Never part of a deployment. */
package dev.pulso.bench;
