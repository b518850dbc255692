package io.github.cpsample.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;

/** A tensor in a file of its own, as ONNX's test data come. */
public final class TensorFile {

  private TensorFile() {}

  /**
   * Reads one.
   *
   * @param bytes the file's content
   * @return the tensor
   */
  public static Tensor read(byte[] bytes) {
    try {
      return new TensorReader(Optional.empty()).tensor(TensorProto.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedModelException("Tensor: expected one, found other bytes", e);
    }
  }
}
