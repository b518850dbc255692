package io.github.cpsample.provider;

import io.github.cpsample.image.ContactSheet;
import io.github.cpsample.plugin.ImageOperation;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;

/**
 * Many images on one. Settings: {@code columns}, {@code padding} in pixels, {@code scale} as a
 * whole factor.
 */
public final class ContactSheetOperation implements ImageOperation {
  private static final int MOST = 1000;

  /** Called by {@link java.util.ServiceLoader}. */
  public ContactSheetOperation() {}

  @Override
  public String name() {
    return "contact-sheet";
  }

  @Override
  public String description() {
    return "Lays images out in rows on one white sheet";
  }

  @Override
  public Map<String, String> defaults() {
    return Map.of("columns", "8", "padding", "2", "scale", "1");
  }

  @Override
  public List<BufferedImage> apply(List<BufferedImage> images, Map<String, String> settings) {
    OperationSettings checked = new OperationSettings(this, settings, images.size());
    ContactSheet sheet =
        new ContactSheet(
            checked.integer("columns", 1, MOST),
            checked.integer("padding", 0, MOST),
            checked.integer("scale", 1, MOST));
    return List.of(sheet.render(images));
  }
}
