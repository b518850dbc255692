package io.github.cpsample.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model's file says about its inputs and outputs, and in which other files its constants
 * are; read without its constants, so that models of any size cost no memory. Immutable.
 *
 * @param inputs the inputs that a caller must give
 * @param outputs the outputs
 * @param dataFiles the files with external data, as paths relative to the model's folder, each once
 */
public record ModelHeader(List<ValueInfo> inputs, List<ValueInfo> outputs, List<String> dataFiles) {

  public ModelHeader {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    dataFiles = List.copyOf(dataFiles);
  }

  /**
   * Reads a model's header and checks that its files of external data are there.
   *
   * @param file the model
   * @return the header
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is no ONNX model, or names data outside its folder or
   *     data that is not there
   */
  public static ModelHeader read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      ModelHeader header = read(in, file.toString());
      TensorReader beside = TensorReader.beside(file);
      try {
        header.dataFiles.forEach(beside::inside);
      } catch (MalformedModelException e) {
        throw new MalformedModelException("ONNX model " + file + ": " + e.getMessage(), e);
      }
      return header;
    }
  }

  /**
   * Reads a model's header. Where the data files are is for the caller to check.
   *
   * @param in the file's content, left open
   * @param name what to call it in errors
   * @return the header
   * @throws IOException if the stream cannot be read
   * @throws MalformedModelException if it is no ONNX model
   */
  public static ModelHeader read(InputStream in, String name) throws IOException {
    CodedInputStream coded = CodedInputStream.newInstance(in);
    coded.setSizeLimit(Integer.MAX_VALUE);
    try {
      return new HeaderScan(coded).model();
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedModelException(
          "ONNX model " + name + ": expected an ONNX file, found something else: " + e.getMessage(),
          e);
    } catch (MalformedModelException e) {
      throw new MalformedModelException("ONNX model " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * An output by name.
   *
   * @param name its name
   * @return the output, if there is one
   */
  public Optional<ValueInfo> output(String name) {
    return outputs.stream().filter(value -> value.name().equals(name)).findFirst();
  }
}
