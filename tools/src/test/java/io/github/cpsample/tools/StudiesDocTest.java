package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the studies show is what works. */
class StudiesDocTest {

  @Test
  void theCommandsOfTheStudiesExist() throws IOException {
    assertEquals(1, new DocText("docs/studies/push-alone-calibration.md").checkCommands());
    assertEquals(1, new DocText("docs/studies/push-alone-audit.md").checkCommands());
    assertEquals(4, new DocText("docs/studies/quality.md").checkCommands());
    assertEquals(7, new DocText("docs/studies/cifar10.md").checkCommands());
  }
}
