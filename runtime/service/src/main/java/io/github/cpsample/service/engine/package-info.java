/**
 * Continuous batching: one thread per model takes the images of all requests through shared calls.
 * Belongs here: queues, time limits, reloading, what is counted. Knows nothing of HTTP. May use the
 * runtime's {@code sampling} and Micrometer.
 */
package io.github.cpsample.service.engine;
