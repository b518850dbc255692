/**
 * Networks, each written once over {@link io.github.cpsample.trainer.network.Ops} and interpreted
 * several ways.
 *
 * <p>Here belong the building blocks ({@code Ops}), the networks ({@code UNet}, {@code
 * MemorizingClassifier}), their parameters, and the interpretations that need no file format:
 * shapes ({@code ShapeOps}) and DJL arrays ({@code DjlOps}). Training loops live in {@code
 * trainer.training}, the ONNX interpretation in {@code trainer.export}.
 *
 * <p>May use: the JDK, DJL (only {@code DjlOps}), Gson for the configurations.
 */
package io.github.cpsample.trainer.network;
