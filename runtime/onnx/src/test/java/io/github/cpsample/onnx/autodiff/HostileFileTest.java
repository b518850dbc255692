package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no models, or whose tensors claim what is not there. */
class HostileFileTest {

  @TempDir private Path folder;

  /** At every length: refused with a sentence, or, cut between two fields, read as a model. */
  @Test
  void truncatedAnywhere() {
    byte[] whole =
        OnnxCodec.toBytes(CompositeNetwork.model(Dim.symbolic("N"), Dim.of(4), Dim.of(4)));
    int refused = 0;
    for (int length = 0; length < whole.length; length += length < 3000 ? 1 : 37) {
      byte[] cut = Arrays.copyOf(whole, length);
      String message = Refusals.differentiating(() -> OnnxCodec.read(cut));
      refused += message.isEmpty() ? 0 : 1;
    }
    assertTrue(refused > 3000, "expected refusals, found " + refused);
  }

  /** Subgraphs within subgraphs, and groups within groups that no ONNX message has. */
  @Test
  void nestedTenThousandTimes() throws IOException {
    byte[] graphs = new byte[0];
    for (int depth = 0; depth < 10_000; depth++) {
      graphs = field(1, field(5, field(6, graphs)));
    }
    String message = Refusals.of(field(7, graphs));
    assertTrue(message.contains("expected an ONNX file"), message);
    byte[] groups = new byte[20_000];
    Arrays.fill(groups, 0, 10_000, (byte) ((15 << 3) | 3));
    Arrays.fill(groups, 10_000, 20_000, (byte) ((15 << 3) | 4));
    assertTrue(Refusals.of(groups).contains("expected an ONNX file"));
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    byte[] bytes = new byte[CodedOutputStream.computeByteArraySize(number, content)];
    CodedOutputStream.newInstance(bytes).writeByteArray(number, content);
    return bytes;
  }

  @Test
  void aFieldThatAnnouncesGigabytes() {
    byte[] bytes = {(7 << 3) | 2, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 1, 2};
    assertTrue(Refusals.of(bytes).contains("expected an ONNX file"));
  }

  private static ModelProto with(TensorProto.Builder tensor) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(GraphProto.newBuilder().setName("g").addInitializer(tensor.setName("w")))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1099511627776, 4, 'found 4'",
    "1, 4611686018427387904, 16, 'fewer than 2^63 bytes'",
    "1, -4, 16, 'sizes >= 0'",
    "99, 4, 16, 'from 1 to 16, found 99'",
    "0, 4, 16, 'from 1 to 16, found 0'",
    "8, 4, 0, 'expected 4 values'"
  })
  void anInitializerThatIsNotThere(int type, long size, int bytes, String words) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(type).addDims(size);
    tensor.setRawData(ByteString.copyFrom(new byte[bytes]));
    String message = Refusals.of(with(tensor).toByteArray());
    assertTrue(message.contains("tensor w") && message.contains(words), message);
  }

  @Test
  void aNegativeSizeOfAnInput() {
    ModelProto.Builder model = with(TensorProto.newBuilder().setDataType(1).addDims(0)).toBuilder();
    TypeProto.Tensor.Builder type = TypeProto.Tensor.newBuilder().setElemType(1);
    type.getShapeBuilder().addDimBuilder().setDimValue(-7);
    model
        .getGraphBuilder()
        .addInputBuilder()
        .setName("x")
        .setType(TypeProto.newBuilder().setTensorType(type));
    assertTrue(Refusals.of(model.build().toByteArray()).contains("found -7"));
  }

  private static TensorProto.Builder external(Map<String, String> entries, long size) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDataType(1)
            .addDims(size)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    entries.forEach(
        (key, value) ->
            tensor.addExternalData(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return tensor;
  }

  private OnnxModel read(Map<String, String> entries, long size) throws IOException {
    Path file = Files.createDirectories(folder.resolve("model")).resolve("m.onnx");
    Files.write(file, with(external(entries, size)).toByteArray());
    return OnnxCodec.read(file);
  }

  private String refusal(Map<String, String> entries, long size) {
    return assertThrows(MalformedModelException.class, () -> read(entries, size)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.bin",
        "sub/../../secret.bin",
        "/etc/hostname",
        "C:\\secret.bin",
        "c:secret.bin",
        "",
        ".",
        "missing.bin",
        "nul\0byte",
        "~/secret.bin",
        "file:///etc/hostname"
      })
  void externalDataElsewhere(String location) throws IOException {
    Files.write(folder.resolve("secret.bin"), new byte[4]);
    String message = refusal(Map.of("location", location), 1);
    assertTrue(message.contains("tensor w") && message.contains("external data"), message);
  }

  @Test
  void externalDataBehindALink() throws IOException {
    Path secret = Files.write(folder.resolve("secret.bin"), new byte[4]);
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.createSymbolicLink(model.resolve("link.bin"), secret);
    Files.createSymbolicLink(model.resolve("up"), folder);
    String inside = "inside the model's folder";
    assertTrue(refusal(Map.of("location", "link.bin"), 1).contains(inside));
    assertTrue(refusal(Map.of("location", "up/secret.bin"), 1).contains(inside));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 4, 'found offset 8'",
    "0, 99, 'length 99'",
    "-4, 4, 'offset -4'",
    "0, -4, 'length -4'",
    "9223372036854775807, 4, 'offset 9223372036854775807'",
    "4, 9223372036854775807, 'length 9223372036854775807'",
    "one, 4, 'found one'",
    "0, 99999999999999999999, 'expected a number as length'",
    "0, 8, 'expected 4 bytes'"
  })
  void externalDataBeyondTheFile(String offset, String length, String words) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.write(model.resolve("data.bin"), new byte[8]);
    String message = refusal(Map.of("location", "data.bin", "offset", offset, "length", length), 1);
    assertTrue(message.contains("tensor w") && message.contains(words), message);
  }

  @Test
  void externalDataInTheFolderIsRead() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model/weights"));
    Files.write(model.resolve("data.bin"), new byte[] {9, 9, 9, 9, 0, 0, (byte) 0x80, 0x3f});
    Map<String, String> entries =
        Map.of("location", "weights/data.bin", "offset", "4", "length", "4");
    assertArrayEquals(new float[] {1}, read(entries, 1).graph().initializers().get("w").floats());
  }

  /** One tensor under many names: three gigabytes of file, one megabyte of memory. */
  @Test
  void aModelThatIsTooLargeForAFileIsNotWritten() {
    Tensor tensor = Tensor.of(new float[1 << 18], 1 << 18);
    Map<String, Tensor> constants = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      constants.put("w" + i, tensor);
    }
    Graph graph = new Graph("g", List.of(), List.of(), List.of(), constants, List.of());
    OnnxModel model = new OnnxModel(8, Map.of("", 17L), "", Map.of(), graph);
    String message =
        assertThrows(MalformedModelException.class, () -> OnnxCodec.toBytes(model)).getMessage();
    assertTrue(message.contains("2 GiB") && message.contains("found 3145728000"), message);
  }

  /** The sizes say how much is read, before anything is. */
  @Test
  void externalDataOfTerabytes() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.write(model.resolve("data.bin"), new byte[8]);
    String message = refusal(Map.of("location", "data.bin"), 1L << 40);
    assertTrue(message.contains("expected 4398046511104 bytes"), message);
  }
}
