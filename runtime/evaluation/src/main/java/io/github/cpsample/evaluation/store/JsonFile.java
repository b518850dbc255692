package io.github.cpsample.evaluation.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.cpsample.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes records as JSON for people and programs. */
public final class JsonFile {

  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private JsonFile() {}

  /**
   * Writes a file whole, replacing one of this name.
   *
   * @param file its name
   * @param value a record, map or list; components that are null are left out
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Object value) throws IOException {
    byte[] text = (JSON.toJson(value) + "\n").getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file, out -> out.write(text));
  }
}
