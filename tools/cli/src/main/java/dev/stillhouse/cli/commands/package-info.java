/**
 * Holds the commands, a class each. Without {@code --json} a command prints text on standard
 * output. With it, standard output has one JSON object, and text goes to standard error. {@link
 * dev.stillhouse.cli.commands.Terminal} is where a command prints.
 *
 * <p>More than 30 classes stand here: one a command, and the groups of options that several share.
 */
@NullMarked
package dev.stillhouse.cli.commands;

import org.jspecify.annotations.NullMarked;
