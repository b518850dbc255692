package io.github.cpsample.tools.commands.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import io.github.cpsample.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code differentiate} and {@code inspect}. */
class GraphCommandsTest {

  @TempDir Path folder;
  private Path classifier;
  private Path gradient;

  @BeforeEach
  void writeClassifier() throws IOException {
    classifier = Files.write(folder.resolve("classifier.onnx"), TinyBundle.classifier());
    gradient = folder.resolve("new folder/gradient.onnx");
  }

  private CommandRun differentiate(String... more) {
    String[] all = new String[5 + more.length];
    System.arraycopy(
        new String[] {"differentiate", "--in", classifier.toString(), "--out", gradient.toString()},
        0,
        all,
        0,
        5);
    System.arraycopy(more, 0, all, 5, more.length);
    return CommandRun.of(all);
  }

  private static List<String> names(List<ValueInfo> values) {
    return values.stream().map(ValueInfo::name).toList();
  }

  @Test
  void derivesCotangentsAndGradients() throws IOException {
    CommandRun run = differentiate("--output", "logits", "--wrt", "x");
    assertEquals(0, run.code(), run.err());
    OnnxModel derived = OnnxCodec.read(gradient);
    assertEquals(List.of("x", "t", "seed/logits"), names(derived.graph().inputs()));
    assertEquals(List.of("logits", "grad/x"), names(derived.graph().outputs()));
    assertTrue(run.out().contains("new input   seed/logits float[N,4]"), run.out());
    assertTrue(run.out().contains("new output  grad/x float[N,1,8,8]"), run.out());
    assertEquals(List.of("gradient.onnx"), CommandRun.files(gradient.getParent()));
  }

  @Test
  void differentiatesEveryFloatInputUnlessTold() throws IOException {
    assertEquals(0, differentiate().code());
    assertEquals(
        List.of("logits", "grad/x", "grad/t"), names(OnnxCodec.read(gradient).graph().outputs()));
    assertEquals(0, differentiate("--wrt", "t", "--wrt", "x").code());
    assertEquals(3, OnnxCodec.read(gradient).graph().outputs().size());
  }

  @Test
  void unknownNamesFailAndLeaveNothing() throws IOException {
    CommandRun run = differentiate("--output", "logit");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("logit"), run.err());
    assertEquals(List.of(), CommandRun.files(gradient.getParent()));
  }

  @Test
  void whatHasNoDerivativeIsNamed() throws IOException {
    GraphBuilder g = new GraphBuilder("odd", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 3));
    g.output("y", g.node("Bernoulli", List.of(x)), ElementType.FLOAT, Shape.fixed(2, 3));
    OnnxCodec.write(g.build(), classifier);
    CommandRun run = differentiate();
    assertEquals(1, run.code());
    assertTrue(run.err().contains("Bernoulli"), run.err());
  }

  @Test
  void quantisedModelsAreDifferentiatedWhereAsked() throws IOException {
    GraphBuilder g = new GraphBuilder("quantised", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 3));
    Value scale = g.constant("scale", new float[] {0.1f});
    Value q = g.node("QuantizeLinear", List.of(x, scale));
    Value y = g.node("DequantizeLinear", List.of(q, scale));
    g.output("y", y, ElementType.FLOAT, Shape.fixed(2, 3));
    OnnxCodec.write(g.build(), classifier);
    CommandRun refused = differentiate();
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("--straight-through"), refused.err());
    CommandRun run = differentiate("--straight-through");
    assertEquals(0, run.code(), run.err());
    assertEquals(List.of("y", "grad/x"), names(OnnxCodec.read(gradient).graph().outputs()));
  }

  /** A model on tokens has no floating point input, but what its embedding gives can be named. */
  @Test
  void modelsOnTokensNeedTheNameOfAValue() throws IOException {
    GraphBuilder g = new GraphBuilder("text", 17);
    Value ids = g.input("ids", ElementType.INT64, Shape.fixed(2));
    Value rows = g.gather(g.constant("table", new float[6], 3, 2), ids);
    g.output("y", g.tanh(rows), ElementType.FLOAT, Shape.fixed(2, 2));
    OnnxCodec.write(g.build(), classifier);
    CommandRun refused = differentiate();
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains(rows.name()), refused.err());
    assertEquals(0, differentiate("--wrt", rows.name()).code());
  }

  @Test
  void filesThatAreNoOnnxAreNamed() throws IOException {
    Files.writeString(classifier, "not a model");
    CommandRun run = differentiate();
    assertEquals(1, run.code());
    assertTrue(run.err().contains("classifier.onnx"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void inspectDescribesAFile() {
    CommandRun run = CommandRun.of("inspect", classifier.toString());
    assertEquals(0, run.code(), run.err());
    for (String line :
        List.of(
            "opset      ai.onnx 17",
            "input      x float[N,1,8,8]",
            "output     logits float[N,4]",
            "parameters 260",
            "MatMul 2",
            "CPU        implements all operators",
            "CUDA       implements all operators")) {
      assertTrue(run.out().contains(line), line + " in\n" + run.out());
    }
  }

  @Test
  void inspectSaysWhatAProviderLacks() throws IOException {
    GraphBuilder g = new GraphBuilder("odd", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 3));
    g.output("y", g.node("Acosh", List.of(x)), ElementType.FLOAT, Shape.fixed(2, 3));
    OnnxCodec.write(g.build(), classifier);
    CommandRun run = CommandRun.of("inspect", classifier.toString());
    assertTrue(run.out().contains("CPU        implements all operators"), run.out());
    assertTrue(run.out().contains("CUDA       lacks Acosh of opset 17 (1 nodes)"), run.out());
  }

  @Test
  void inspectDescribesABundleAndItsGradient() {
    Path zip = folder.resolve("tiny.zip");
    TinyBundle.writer().toZip(zip);
    CommandRun run = CommandRun.of("inspect", zip.toString());
    assertEquals(0, run.code(), run.err());
    for (String line :
        List.of(
            "model tiny",
            "8 x 8 pixels, grey",
            "gate code on x_t, alpha 0.25, force opposite-label, scale 5.0, push, timesteps 0 to"
                + " 999",
            "\ndenoiser.onnx",
            "\nclassifier.onnx",
            "\ngradient graph, derived from classifier.onnx",
            "output     grad/x float[N,1,8,8]")) {
      assertTrue(run.out().contains(line), line + " in\n" + run.out());
    }
  }
}
