/**
 * Reverse-mode differentiation of ONNX graphs: from a graph, another graph that also computes
 * vector-Jacobian products.
 *
 * <p>Three parts: which values are active ({@code Activity}), one adjoint rule per operator ({@code
 * RuleTable} and the {@code *Rules} classes, the formula in each rule's comment), and
 * simplification (operations are shared as they are appended, {@code Appender}; what nothing
 * depends on goes, {@code DeadNodes}). May use: the JDK and {@code onnx}. Emits only operators that
 * the CPU and the CUDA provider of ONNX Runtime implement; above opset 21 the latter leaves some to
 * the CPU.
 *
 * <p>Many classes, since a family of operators is one file: whoever adds an operator opens one of
 * them and {@code RuleTable}, and none of them is public.
 */
package io.github.cpsample.onnx.autodiff;
