/**
 * Writing files so that a reader sees all of one or none of it. Whatever writes a file goes through
 * here; what the file holds is the business of other packages. Uses the JDK only.
 */
package io.github.cpsample.files;
