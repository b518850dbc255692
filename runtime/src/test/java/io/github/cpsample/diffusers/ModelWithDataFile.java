package io.github.cpsample.diffusers;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.cpsample.onnx.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes models as exporters do that keep constants in a file of their own. */
public final class ModelWithDataFile {

  private ModelWithDataFile() {}

  /**
   * Writes {@code model.onnx} with its floating point constants in a file beside it.
   *
   * @param model the model's message
   * @param folder made if it is missing
   * @param location of the data file in it
   * @return the model's file
   */
  public static Path write(byte[] model, Path folder, String location) throws IOException {
    Files.createDirectories(folder.resolve(location).getParent());
    ModelProto.Builder proto = ModelProto.parseFrom(model).toBuilder();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (TensorProto.Builder tensor : proto.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getDataType() != ElementType.FLOAT.code()) {
        continue;
      }
      byte[] raw = tensor.getRawData().toByteArray();
      tensor
          .clearRawData()
          .setDataLocation(TensorProto.DataLocation.EXTERNAL)
          .addExternalData(entry("location", location))
          .addExternalData(entry("offset", Integer.toString(data.size())))
          .addExternalData(entry("length", Integer.toString(raw.length)));
      data.write(raw);
    }
    Path file = folder.resolve("model.onnx");
    Files.write(file, proto.build().toByteArray());
    Files.write(folder.resolve(location), data.toByteArray());
    return file;
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
