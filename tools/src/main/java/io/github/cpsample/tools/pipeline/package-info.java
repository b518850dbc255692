/**
 * A minimal host application: finds plugin jars in a folder, loads them in a class loader of their
 * own and generates images through {@code io.github.cpsample.plugin} alone.
 *
 * <p>Written as the developer of a host would write it, so that it shows and tests what a host
 * needs: may use the JDK and {@code io.github.cpsample.plugin}, nothing else; a test enforces it.
 */
package io.github.cpsample.tools.pipeline;
