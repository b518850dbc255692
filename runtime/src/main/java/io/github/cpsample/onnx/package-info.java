/** ONNX graphs as Java values: model, graph, node, tensor, shape; reading, writing, building. */
package io.github.cpsample.onnx;
