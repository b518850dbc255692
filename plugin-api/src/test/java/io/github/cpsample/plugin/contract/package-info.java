/**
 * What a provider is tested with: published as the test-jar of this module, for authors of
 * providers.
 */
package io.github.cpsample.plugin.contract;
