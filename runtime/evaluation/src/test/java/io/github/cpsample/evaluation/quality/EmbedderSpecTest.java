package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbedderSpecTest {

  @Test
  void aPathAlone() {
    assertEquals(
        new EmbedderSpec(
            "inception-v3",
            Path.of("nets", "Inception V3.onnx"),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Resize.BICUBIC),
        EmbedderSpec.parse("nets/Inception V3.onnx"));
  }

  @Test
  void everyKey() {
    assertEquals(
        new EmbedderSpec(
            "mine",
            Path.of("a,b.onnx"),
            Optional.of(Preprocessing.SIGNED),
            Optional.of("pool"),
            OptionalInt.of(64),
            OptionalInt.of(512),
            Optional.of(Layout.NHWC),
            Resize.BILINEAR),
        EmbedderSpec.parse(
            "a,b.onnx,range=-1..1,output=pool,size=64,features=512,layout=nhwc,resize=bilinear"
                + ",name=mine"));
  }

  @ParameterizedTest
  @CsvSource({
    "'a.onnx,colour=red', range",
    "'a.onnx,range=0..2', '-1..1'",
    "'a.onnx,size=0', size",
    "'a.onnx,size=x', size",
    "'a.onnx,layout=chw', nhwc",
    "'a.onnx,resize=best', bicubic",
    "'a.onnx,range=0..1,range=0..1', twice",
    "'a.onnx,name=pixels', pixels",
    "'a.onnx,name=?', name",
    "',range=0..1', FILE",
  })
  void refuses(String text, String named) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> EmbedderSpec.parse(text));
    assertTrue(refused.getMessage().contains(named), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1..1", "0..1", "0..255", "imagenet", "pytorch-fid", "clean-fid"})
  void labelsAreRead(String label) {
    assertEquals(label, Preprocessing.of(label).label());
  }
}
