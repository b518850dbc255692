/** ONNX graphs: reading, writing, building, shapes, differentiation. Runs nothing. */
module io.github.cpsample.onnx {
  requires com.google.protobuf;
  requires org.tribuo.util.onnx;
  requires static org.jspecify;
  // Protobuf logs, and says so nowhere.
  requires java.logging;

  exports io.github.cpsample.onnx;
  exports io.github.cpsample.onnx.autodiff;
  exports io.github.cpsample.base to
      io.github.cpsample.runtime,
      io.github.cpsample.service,
      io.github.cpsample.tokenizer,
      io.github.cpsample.evaluation,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
  exports io.github.cpsample.files to
      io.github.cpsample.runtime,
      io.github.cpsample.evaluation,
      io.github.cpsample.trainer,
      io.github.cpsample.tools;
}
