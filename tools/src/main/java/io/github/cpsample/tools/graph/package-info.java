/**
 * Descriptions of ONNX graphs for people: values, operators, parameters, what runs them.
 *
 * <p>What graphs are belongs to {@code io.github.cpsample.onnx}. May use that package and the
 * provider tables of {@code io.github.cpsample.inference}.
 */
package io.github.cpsample.tools.graph;
