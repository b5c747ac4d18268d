/**
 * What leaves the program. {@link dev.stillhouse.cli.output.Printable} makes text from data
 * harmless, {@link dev.stillhouse.cli.output.PrintableStream} does so for all that reaches standard
 * output and standard error, {@link dev.stillhouse.cli.output.WholeFile} writes files for others
 * whole or not at all, and {@link dev.stillhouse.cli.output.ErrorText} says what went wrong to a
 * person.
 */
@NullMarked
package dev.stillhouse.cli.output;

import org.jspecify.annotations.NullMarked;
