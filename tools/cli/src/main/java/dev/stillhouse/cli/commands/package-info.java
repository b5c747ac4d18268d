/**
 * The commands, a class each: {@code demo}, {@code extract}, {@code inspect}, {@code verify},
 * {@code replicate}, {@code gc}, {@code load}, {@code completion}. What is for people goes to
 * standard error while {@code --json} prints one object on standard output; without it people are
 * told on standard output. {@link dev.stillhouse.cli.commands.Terminal} is where a command prints.
 */
@NullMarked
package dev.stillhouse.cli.commands;

import org.jspecify.annotations.NullMarked;
