/** The {@code cpsample} command line. */
package io.github.cpsample.tools;
