/**
 * The report of an audit for people: one HTML file that needs nothing but itself.
 *
 * <p>Belongs here: which figures are shown in which order, the sentences that say what they mean,
 * charts and pictures. Does not belong here: how anything is measured, and where pictures are kept.
 */
package io.github.cpsample.tools.report;
