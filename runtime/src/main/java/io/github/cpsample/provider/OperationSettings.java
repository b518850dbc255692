package io.github.cpsample.provider;

import io.github.cpsample.base.Checks;
import io.github.cpsample.plugin.ImageOperation;
import io.github.cpsample.plugin.ProtectedImageException;
import io.github.cpsample.plugin.ProtectedImageException.Reason;
import java.util.List;
import java.util.Map;

/** The settings of one call of an image operation, checked against its defaults. */
final class OperationSettings {
  private final ImageOperation operation;
  private final Map<String, String> given;

  OperationSettings(ImageOperation operation, Map<String, String> given, int images) {
    this.operation = operation;
    this.given = Map.copyOf(given);
    if (images == 0) {
      throw refused("expected at least one image, found none");
    }
    for (String name : given.keySet()) {
      if (!operation.defaults().containsKey(name)) {
        throw refused(
            "expected some of the settings "
                + operation.defaults().keySet()
                + ", found '"
                + name
                + "'");
      }
    }
  }

  /** A setting that is a whole number in a range. */
  int integer(String name, int least, int most) {
    String text = text(name);
    String expected =
        name + ": expected a whole number from " + least + " to " + most + ", found '" + text + "'";
    try {
      int value = Integer.parseInt(text);
      if (value < least || value > most) {
        throw refused(expected);
      }
      return value;
    } catch (NumberFormatException e) {
      throw refused(expected, e);
    }
  }

  /** A setting that is a number in (0, 1]. */
  double share(String name) {
    String text = text(name);
    String expected = name + ": expected a number in (0, 1], found '" + text + "'";
    try {
      double value = Double.parseDouble(text);
      if (!(value > 0 && value <= 1)) {
        throw refused(expected);
      }
      return value;
    } catch (NumberFormatException e) {
      throw refused(expected, e);
    }
  }

  /** A setting as it is. */
  String text(String name) {
    return given.containsKey(name)
        ? Checks.entry(given, name)
        : Checks.entry(operation.defaults(), name);
  }

  /** A setting that is one of a few words. */
  String choice(String name, List<String> choices) {
    String text = text(name);
    if (!choices.contains(text)) {
      throw refused(name + ": expected one of " + choices + ", found '" + text + "'");
    }
    return text;
  }

  private ProtectedImageException refused(String message) {
    return new ProtectedImageException(Reason.INVALID_REQUEST, named(message));
  }

  private ProtectedImageException refused(String message, Throwable cause) {
    return new ProtectedImageException(Reason.INVALID_REQUEST, named(message), cause);
  }

  private String named(String message) {
    return "operation " + operation.name() + ", " + message;
  }
}
