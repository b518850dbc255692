package io.github.cpsample.trainer.pipeline;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.random.RandomGenerator;

/**
 * The text encoder: embeddings of tokens and positions, one block of causal self-attention,
 * normalisation. {@code input_ids} int32 [N,77] to {@code last_hidden_state} [N,77,32].
 */
final class TextEncoder {
  private TextEncoder() {}

  static OnnxModel build(int vocabulary, RandomGenerator random) {
    GraphBuilder graph = new GraphBuilder("text_encoder", Blocks.OPSET);
    Blocks blocks = new Blocks(graph, random);
    Dim batch = Dim.symbolic("batch_size");
    Dim tokens = Dim.of(TinySizes.TOKENS);
    int width = TinySizes.TEXT_WIDTH;
    Value ids = graph.input("input_ids", ElementType.INT32, Shape.of(batch, tokens));
    Value table = blocks.weight("tokens", 1, vocabulary, width);
    Value words = graph.gather(table, ids, 0);
    Value positions = blocks.weight("positions", width, 1, TinySizes.TOKENS, width);
    Value h = graph.add(words, positions);
    Value seen = blocks.causalAttention("attention", h, width, TinySizes.TOKENS);
    Value hidden = blocks.layerNorm(graph.add(h, seen), width);
    graph.output(
        "last_hidden_state", hidden, ElementType.FLOAT, Shape.of(batch, tokens, Dim.of(width)));
    return graph.build();
  }
}
