package io.github.cpsample.imagej;

import ij.IJ;
import ij.ImageJ;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;
import java.awt.Button;
import java.awt.Dialog;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.TextField;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.awt.event.KeyEvent;
import java.io.File;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.imageio.ImageIO;

/**
 * Somebody who sits before ImageJ: opens dialogs from the menu, fills them in, presses Esc, reads
 * messages. A program of its own, which knows nothing of the plugin; what it saw it prints.
 */
final class Desk {
  /** ImageJ names the threads of commands after them. */
  private static final List<String> COMMANDS =
      List.of("Generate...", "Check...", "Nearest Training Images...");

  private static final long PATIENCE_MILLIS = 60_000;

  private final File pictures;

  private Desk(File pictures) {
    this.pictures = pictures;
  }

  /** Called with the model, the index, an image to open, and a folder for pictures. */
  public static void main(String[] arguments) throws Exception {
    try {
      new Desk(new File(arguments[3])).work(arguments[0], arguments[1], arguments[2]);
      System.exit(0);
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private void work(String model, String index, String image) throws Exception {
    new ImageJ();
    new Recorder();
    IJ.doCommand("Generate...");
    GenericDialog generate = dialog("CPSample Generate");
    fill(generate.getStringFields(), model);
    fill(generate.getNumericFields(), "3", "1", "5", "-1");
    picture("dialog");
    press(generate);
    await(() -> WindowManager.getImageCount() == 1 ? "" : null, "an image");
    awaitEnd();
    System.out.println("images " + WindowManager.getCurrentImage().getStackSize());

    IJ.doCommand("Generate...");
    GenericDialog endless = dialog("CPSample Generate");
    fill(endless.getStringFields(), model);
    fill(endless.getNumericFields(), "100000", "1", "50", "-1");
    press(endless);
    await(() -> status().contains("generating") ? "" : null, "that it generates");
    Thread.sleep(500);
    picture("progress");
    IJ.setKeyDown(KeyEvent.VK_ESCAPE);
    awaitEnd();
    System.out.println("status " + status());
    System.out.println("windows " + WindowManager.getImageCount());

    IJ.open(image);
    IJ.doCommand("Check...");
    GenericDialog check = dialog("CPSample Check");
    fill(check.getStringFields(), index + ".missing");
    press(check);
    Dialog message = await(() -> window("CPSample"), "a message");
    System.out.println("message " + IJ.getErrorMessage().replace('\n', ' '));
    picture("message");
    message.dispose();
    awaitEnd();

    IJ.doCommand("Check...");
    GenericDialog again = dialog("CPSample Check");
    fill(again.getStringFields(), index);
    press(again);
    await(() -> WindowManager.getWindow("CPSample Check"), "a table");
    awaitEnd();
    IJ.selectWindow(new File(image).getName());
    IJ.doCommand("Nearest Training Images...");
    GenericDialog nearest = dialog("CPSample Nearest Training Images");
    fill(nearest.getStringFields(), index);
    press(nearest);
    await(() -> WindowManager.getImageCount() == 3 ? "" : null, "the nearest");
    awaitEnd();
    IJ.run("In [+]", "");
    Thread.sleep(500);
    picture("results");
    for (String line : Recorder.getInstance().getText().split("\n", -1)) {
      System.out.println("recorded " + line);
    }
    System.out.println("console " + (WindowManager.getWindow("Exception") != null));
  }

  /** ImageJ records a command when it is done, in a thread of its own. */
  private static void awaitEnd() throws InterruptedException {
    await(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> COMMANDS.contains(thread.getName()))
                ? null
                : "",
        "the end of a command");
  }

  private static String status() {
    return Objects.requireNonNullElse(ImageJ.getStatusBarText(), "");
  }

  private static GenericDialog dialog(String title) throws InterruptedException {
    return (GenericDialog) await(() -> window(title), "the dialog " + title);
  }

  private static Dialog window(String title) {
    for (Window window : Window.getWindows()) {
      if (window instanceof Dialog dialog
          && dialog.isVisible()
          && title.equals(dialog.getTitle())) {
        return dialog;
      }
    }
    return null;
  }

  private static void fill(List<?> fields, String... values) {
    for (int i = 0; i < values.length; i++) {
      ((TextField) fields.get(i)).setText(values[i]);
    }
  }

  private static void press(GenericDialog dialog) {
    Button okay = dialog.getButtons()[0];
    dialog.actionPerformed(new ActionEvent(okay, ActionEvent.ACTION_PERFORMED, okay.getLabel()));
  }

  private void picture(String name) throws Exception {
    Thread.sleep(500);
    Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
    ImageIO.write(
        new Robot().createScreenCapture(screen), "png", new File(pictures, name + ".png"));
  }

  private static <T> T await(Supplier<T> wanted, String what) throws InterruptedException {
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (true) {
      T found = wanted.get();
      if (found != null) {
        return found;
      }
      if (System.currentTimeMillis() > end) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      Thread.sleep(20);
    }
  }
}
