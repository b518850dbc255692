/**
 * ONNX graphs as Java values: reading, writing, building, and the static shapes of their tensors.
 *
 * <p>Here belong the graph model ({@code OnnxModel}, {@code Graph}, {@code Node}, {@code Tensor}),
 * the codec, the builder and shape inference. All that write graphs, the builder and {@code
 * onnx.autodiff} among them, write operators with {@code Operators}, which are checked against
 * ONNX's schemas, {@code operators.tsv}. Nothing here runs a graph ({@code inference} does) or
 * derives one from another ({@code onnx.autodiff} does). May use: the JDK and the ONNX protobuf
 * classes, these in {@code OnnxCodec} and its helpers only.
 *
 * <p>More than thirty classes, since codec, builder and shape inference see the insides of the
 * graph model: apart, those would have to be public.
 */
package io.github.cpsample.onnx;
