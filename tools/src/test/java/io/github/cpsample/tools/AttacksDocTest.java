package io.github.cpsample.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What docs/reference/attacks.md shows is what works. */
class AttacksDocTest {

  @Test
  void itsCommandExists() throws IOException {
    assertEquals(1, new DocText("docs/reference/attacks.md").checkCommands());
  }
}
