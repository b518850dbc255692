/**
 * Running ONNX graphs with ONNX Runtime: devices, sessions, tensors, and which operators a provider
 * implements.
 *
 * <p>Belongs here: every use of the ONNX Runtime API. Does not belong here: what the networks mean
 * (package {@code sampling}) and where they come from (package {@code bundle}). May use {@code
 * onnx} to look into graphs, ONNX Runtime and the JDK. No type of ONNX Runtime appears in the
 * public API of this package.
 */
package io.github.cpsample.inference;
