/**
 * What the build of {@code exported-models} runs: trains the bundled models, exports them, measures
 * what protection does to them, and does none of it twice.
 *
 * <p>Build profiles and caching belong here. May use everything in the trainer and the runtime;
 * nothing uses this package but that build and the demo.
 */
package io.github.cpsample.trainer.build;
