/**
 * Writes the program's output. {@link dev.stillhouse.cli.output.Printable} makes text from data
 * harmless, {@link dev.stillhouse.cli.output.PrintableStream} does so for all that reaches standard
 * output and standard error, {@link dev.stillhouse.cli.output.WholeFile} writes files whole or not
 * at all, and {@link dev.stillhouse.cli.output.ErrorText} describes errors to people.
 */
@NullMarked
package dev.stillhouse.cli.output;

import org.jspecify.annotations.NullMarked;
