package io.github.cpsample.imagej;

import ij.IJ;
import ij.Macro;
import ij.plugin.PlugIn;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;

/** A command of the menu: shows its progress, ends at Esc, and says in a window what failed. */
abstract class Command implements PlugIn {
  private static final String TITLE = "CPSample";

  /** Does the work in the thread that ImageJ started for it. */
  abstract void execute() throws IOException;

  @Override
  public final void run(String argument) {
    IJ.resetEscape();
    try {
      execute();
    } catch (CancellationException e) {
      status("cancelled");
    } catch (NoSuchFileException e) {
      fail(e.getFile() + ": expected a file, found nothing there; check the path");
    } catch (IOException e) {
      fail(text(e));
    } catch (RuntimeException e) {
      if (Macro.MACRO_CANCELED.equals(e.getMessage())) {
        throw e;
      }
      fail(text(e));
    } finally {
      IJ.showProgress(1);
    }
  }

  /** Shows what happened in the status bar. */
  static void status(String text) {
    IJ.showStatus(TITLE + ": " + text);
  }

  /** ImageJ leaves it to its callers to break lines. */
  private static void fail(String text) {
    IJ.error(TITLE, text.replaceAll("(.{60,}?) ", "$1\n"));
  }

  private static String text(Exception e) {
    return e.getMessage() == null || e.getMessage().isBlank() ? e.toString() : e.getMessage();
  }
}
