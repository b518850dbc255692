/**
 * How commands write their results: files that are whole when they bear their name, reports in
 * JSON.
 *
 * <p>What a report says belongs to the command that writes it. May use the JDK and Gson.
 */
package io.github.cpsample.tools.output;
