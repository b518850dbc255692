package io.github.cpsample.trainer.training;

import com.google.gson.JsonObject;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends one JSON object per line: step, loss, gradNorm, learningRate, imagesPerSecond, repeats.
 */
final class MetricsLog implements AutoCloseable {

  private final BufferedWriter out;

  MetricsLog(Path file) {
    try {
      out =
          Files.newBufferedWriter(
              file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Metrics " + file + " cannot be written", e);
    }
  }

  void write(Optimization.StepResult result, double imagesPerSecond, long repeats) {
    JsonObject line = new JsonObject();
    line.addProperty("step", result.step());
    line.addProperty("loss", result.loss());
    line.addProperty("gradNorm", result.gradientNorm());
    line.addProperty("learningRate", result.learningRate());
    line.addProperty("imagesPerSecond", imagesPerSecond);
    line.addProperty("repeats", repeats);
    try {
      out.write(line.toString());
      out.newLine();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("Metrics cannot be written", e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Metrics cannot be written", e);
    }
  }
}
