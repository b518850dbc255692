package io.github.cpsample.trainer.training;

import io.github.cpsample.files.WholeFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A training state in a file: a magic number, the fingerprint of the run's configuration, the state
 * and a checksum. Written to a temporary name and moved, so a half-written checkpoint never bears
 * the name of a whole one.
 */
final class Checkpoint {

  private static final long MAGIC = 0x4350534d434b5031L;

  private Checkpoint() {}

  static void write(Path file, String fingerprint, TrainingState state) throws IOException {
    WholeFile.write(file, out -> write(out, fingerprint, state));
  }

  private static void write(OutputStream target, String fingerprint, TrainingState state)
      throws IOException {
    CRC32 checksum = new CRC32();
    DataOutputStream out = new DataOutputStream(new CheckedOutputStream(target, checksum));
    out.writeLong(MAGIC);
    out.writeUTF(fingerprint);
    out.writeLong(state.step());
    out.writeInt(state.weights().length);
    for (float[] values : arrays(state)) {
      for (float value : values) {
        out.writeFloat(value);
      }
    }
    out.writeLong(checksum.getValue());
    out.flush();
  }

  static TrainingState read(Path file, String fingerprint, int size) throws IOException {
    CRC32 checksum = new CRC32();
    try (DataInputStream in =
        new DataInputStream(
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16), checksum))) {
      check(file, "magic number", MAGIC, in.readLong());
      check(file, "configuration", fingerprint, in.readUTF());
      long step = in.readLong();
      check(file, "number of weights", size, in.readInt());
      float[][] arrays = new float[4][size];
      for (float[] values : arrays) {
        for (int i = 0; i < size; i++) {
          values[i] = in.readFloat();
        }
      }
      long computed = checksum.getValue();
      check(file, "checksum", computed, in.readLong());
      return new TrainingState(step, arrays[0], arrays[1], arrays[2], arrays[3]);
    } catch (EOFException e) {
      throw new IOException("Checkpoint " + file + " is truncated; delete it to start anew", e);
    }
  }

  private static float[][] arrays(TrainingState state) {
    return new float[][] {state.weights(), state.mean(), state.variance(), state.average()};
  }

  private static void check(Path file, String what, Object expected, Object found)
      throws IOException {
    if (!expected.equals(found)) {
      throw new IOException(
          "Checkpoint "
              + file
              + ": expected "
              + what
              + " "
              + expected
              + ", found "
              + found
              + "; delete it to start anew");
    }
  }
}
