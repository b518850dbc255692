package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.ModelHeader;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignatureDetectorTest {
  private static final Dim N = Dim.symbolic("N");
  private static final Shape IMAGES = Shape.of(N, Dim.of(3), Dim.of(8), Dim.of(8));
  private static final ValueInfo OUT = ValueInfo.of("out", ElementType.FLOAT, IMAGES);

  private static ValueInfo images(String name) {
    return ValueInfo.of(name, ElementType.FLOAT, IMAGES);
  }

  private static ValueInfo integers(String name, Dim... sizes) {
    return ValueInfo.of(name, ElementType.INT64, Shape.of(sizes));
  }

  private static ModelHeader header(ValueInfo... inputs) {
    return new ModelHeader(List.of(inputs), List.of(OUT), List.of());
  }

  private static DenoiserSignature detect(ModelHeader header, DenoiserOptions.TensorNames names) {
    return SignatureDetector.detect("denoiser m.onnx", header, names, false);
  }

  private static void assertAsked(
      String expected, ModelHeader header, DenoiserOptions.TensorNames names) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> detect(header, names)).getMessage();
    assertEquals("denoiser m.onnx: expected " + expected, message);
  }

  @Test
  void tellsInputsByRankAndType() {
    DenoiserSignature found =
        detect(header(integers("b", N), images("a")), DenoiserOptions.TensorNames.none());
    assertEquals("a", found.input().name());
    assertEquals("b", found.timestep().name());
    assertEquals(Optional.empty(), found.label());
    assertEquals(List.of(), found.conditions());
  }

  @Test
  void tellsTimestepsFromLabelsByUsualNames() {
    DenoiserSignature found =
        detect(
            header(images("sample"), integers("class_labels", N), integers("timestep")),
            DenoiserOptions.TensorNames.none());
    assertEquals("timestep", found.timestep().name());
    assertEquals("class_labels", found.label().orElseThrow().name());
  }

  @Test
  void otherInputsAreConditions() {
    ValueInfo text =
        ValueInfo.of(
            "encoder_hidden_states",
            ElementType.FLOAT,
            Shape.of(N, Dim.symbolic("sequence"), Dim.of(32)));
    DenoiserSignature found =
        detect(
            header(images("sample"), integers("timestep"), text),
            DenoiserOptions.TensorNames.none());
    assertEquals("float[?,?,32]", found.conditions().get(0).describe());
    String message =
        assertThrows(IllegalArgumentException.class, () -> Conditions.none().requireFor(found))
            .getMessage();
    assertTrue(message.contains("[encoder_hidden_states], found []"), message);
  }

  @Test
  void asksForWhatCannotBeTold() {
    assertAsked(
        "an image input of 4 axes and a floating point type, found several:"
            + " [a float[?,3,8,8], b float[?,3,8,8]]; say which with --input",
        header(images("a"), images("b"), integers("t", N)),
        DenoiserOptions.TensorNames.none());
    assertAsked(
        "a timestep input: a number, [1], [N] or [N,1], found several:"
            + " [p int64[?], q int64[?]]; say which with --timestep-input",
        header(images("x"), integers("p", N), integers("q", N)),
        DenoiserOptions.TensorNames.none());
    assertAsked(
        "a timestep input: a number, [1], [N] or [N,1], found none among []",
        header(images("x")),
        DenoiserOptions.TensorNames.none());
    DenoiserOptions.TensorNames wrong =
        new DenoiserOptions.TensorNames(
            Optional.of("c"), Optional.empty(), Optional.empty(), Optional.empty());
    assertAsked(
        "an image input of 4 axes and a floating point type called c, found none among"
            + " [a float[?,3,8,8], t int64[?]]; say which with --input",
        header(images("a"), integers("t", N)),
        wrong);
  }

  @Test
  void namesGivenDecide() {
    DenoiserOptions.TensorNames names =
        new DenoiserOptions.TensorNames(
            Optional.of("b"), Optional.of("q"), Optional.of("p"), Optional.empty());
    DenoiserSignature found =
        detect(header(images("a"), images("b"), integers("p", N), integers("q", N)), names);
    assertEquals("b", found.input().name());
    assertEquals("q", found.timestep().name());
    assertEquals("p", found.label().orElseThrow().name());
    assertEquals("a", found.conditions().get(0).name());
  }

  @Test
  void theProbeRefusesWhatIsNoDenoiser() {
    assertProbeFails("depend on the timestep input t", 1, 0);
    assertProbeFails("depend on the image input x", 0, 1);
    assertProbeFails("expected a finite prediction at timestep 999.0, found", Float.NaN, 1);
    assertProbeFails("found that it cannot be run so", 1, 1, 16);
  }

  private static void assertProbeFails(String expected, float ofImage, float ofTime) {
    assertProbeFails(expected, ofImage, ofTime, 8);
  }

  private static void assertProbeFails(
      String expected, float ofImage, float ofTime, int actualSide) {
    GraphBuilder g = new GraphBuilder("denoiser", 17);
    Shape open = Shape.of(N, Dim.of(3), Dim.unknown(), Dim.unknown());
    Value x = g.input("x", ElementType.FLOAT, open);
    Value t = g.input("t", ElementType.FLOAT, Shape.of(N));
    Value time = g.reshape(t, g.constant("shape", new long[] {-1, 1, 1, 1}, 4));
    Value sum =
        g.add(
            g.mul(x, g.constant("a", new float[] {ofImage}, 1)),
            g.mul(time, g.constant("b", new float[] {ofTime}, 1)));
    Value fixed = g.constant("side", new float[actualSide], 1, 1, 1, actualSide);
    g.output("out", g.add(sum, fixed), ElementType.FLOAT, open);
    DenoiserSignature declared;
    byte[] model = OnnxCodec.toBytes(g.build());
    try {
      declared =
          detect(
              ModelHeader.read(new java.io.ByteArrayInputStream(model), "m"),
              DenoiserOptions.TensorNames.none());
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
    try (InferenceSession session =
        InferenceSession.open(
            "m", model, ResolvedDevice.of(Device.cpu()), SessionSettings.defaults())) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      DenoiserProbe.run(
                          session,
                          declared,
                          new ImageShape(3, 8, 8),
                          999,
                          signature -> Conditions.none()))
              .getMessage();
      assertTrue(message.contains(expected), message);
    }
  }
}
