package io.github.cpsample.tools.report;

import j2html.tags.DomContent;
import java.util.List;

/**
 * A section of the page.
 *
 * @param id by which it is linked to
 * @param title of the section
 * @param content below the title
 */
record Section(String id, String title, List<DomContent> content) {}
