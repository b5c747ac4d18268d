/** The command line: {@link dev.stillhouse.tools.Stillhouse} is what the launcher starts. */
@NullMarked
package dev.stillhouse.tools;

import org.jspecify.annotations.NullMarked;
