package io.github.cpsample.evaluation.audit;

import io.github.cpsample.evaluation.figures.Report;
import java.io.IOException;
import java.nio.file.Path;

/** Where an audit writes what it found. Called by one thread. */
public interface AuditOutput {

  /**
   * Called before the work begins, also when it goes on after an interruption.
   *
   * @throws IOException if what an earlier audit left cannot be changed
   */
  void begin() throws IOException;

  /**
   * Called once, when everything is measured.
   *
   * @param report the figures
   * @param pictures the images that they are about; valid during this call
   * @param samples can write a line for every sample; valid during this call
   * @throws IOException if a file cannot be written
   */
  void write(Report report, ReportPictures pictures, SampleLines samples) throws IOException;

  /** One line of JSON for every sample of an audit. */
  @FunctionalInterface
  interface SampleLines {

    /**
     * Writes them, method after method, in the order of their seeds.
     *
     * @param file the file, which then is whole or not there
     * @throws IOException if it cannot be written
     */
    void write(Path file) throws IOException;
  }
}
