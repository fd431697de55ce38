/** Measures Pulso against what people would write instead. Never part of a deployment. */
package dev.pulso.bench;
