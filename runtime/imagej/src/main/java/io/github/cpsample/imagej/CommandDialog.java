package io.github.cpsample.imagej;

import ij.Prefs;
import ij.gui.GenericDialog;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.TrainingIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The options of a command: a window, or what a macro passes. Options are read in the order in
 * which they were added. Models and indices are remembered between sessions, as paths.
 */
final class CommandDialog {
  private static final String MODEL = "cpsample.model";
  private static final String INDEX = "cpsample.index";
  private static final int COLUMNS = 36;
  private static final double LARGEST = 1L << 53;

  private final GenericDialog dialog;

  CommandDialog(String command) {
    dialog = new GenericDialog("CPSample " + command);
  }

  /** Adds the model: one that comes with the plugin, or a bundle. */
  CommandDialog withModel() {
    List<String> names = ModelBundle.names();
    dialog.addFileField("Model", Prefs.get(MODEL, names.isEmpty() ? "" : names.get(0)), COLUMNS);
    return this;
  }

  /** Adds the index of the training images. */
  CommandDialog withIndex() {
    dialog.addFileField("Index", Prefs.get(INDEX, ""), COLUMNS);
    return this;
  }

  /** Adds a whole number; {@code note} says what is special. */
  CommandDialog withNumber(String label, int usual, String note) {
    dialog.addNumericField(label, usual, 0, 8, note);
    return this;
  }

  /** Adds a box to tick. */
  CommandDialog withBox(String label) {
    dialog.addCheckbox(label, false);
    return this;
  }

  /**
   * Asks the user, unless a macro has answered.
   *
   * @throws CancellationException if the user does not want to
   */
  CommandDialog ask() {
    dialog.showDialog();
    if (dialog.wasCanceled()) {
      throw new CancellationException("the dialog was cancelled");
    }
    return this;
  }

  /** Opens the model that was chosen, which the caller closes. */
  ModelBundle model() {
    String model = dialog.getNextString().strip();
    Prefs.set(MODEL, model);
    return ModelBundle.of(model);
  }

  /** Reads the index that was chosen. */
  TrainingIndex index() throws IOException {
    String index = dialog.getNextString().strip();
    if (index.isEmpty()) {
      throw new IOException(
          "index: expected the file of an index, found none; make it with 'cpsample index'");
    }
    Prefs.set(INDEX, index);
    return TrainingIndex.read(Path.of(index));
  }

  /** A whole number of at least {@code least}. */
  long number(String label, long least) {
    double value = dialog.getNextNumber();
    if (!(value == Math.rint(value) && Math.abs(value) <= LARGEST && value >= least)) {
      throw new IllegalArgumentException(
          label
              + ": expected a whole number"
              + (least > -LARGEST ? " of at least " + least : "")
              + ", found "
              + (dialog.invalidNumber() ? "none" : value));
    }
    return (long) value;
  }

  /** A whole number of at least {@code least} that counts something. */
  int count(String label, int least) {
    long value = number(label, least);
    if (value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          label + ": expected at most " + Integer.MAX_VALUE + ", found " + value);
    }
    return (int) value;
  }

  /** Whether the box is ticked. */
  boolean box() {
    return dialog.getNextBoolean();
  }
}
