/**
 * Runs the command line: {@link dev.stillhouse.cli.Stillhouse} is what the launcher starts. Other
 * modules add commands by a {@link dev.stillhouse.cli.CommandProvider}.
 */
@NullMarked
package dev.stillhouse.cli;

import org.jspecify.annotations.NullMarked;
