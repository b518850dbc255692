/**
 * The providers behind the plugin API: they turn this library's models, samplers and images into
 * what a host sees.
 *
 * <p>Belongs here: translation between {@code io.github.cpsample.plugin} and the rest of this
 * library, and the one exception type of that API. Does not belong here: any arithmetic. Nobody
 * else may use this package; hosts find it through {@code META-INF/services}.
 */
package io.github.cpsample.provider;
