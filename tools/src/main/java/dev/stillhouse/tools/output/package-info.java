/**
 * What leaves the program. {@link dev.stillhouse.tools.output.Printable} makes text from data
 * harmless, {@link dev.stillhouse.tools.output.PrintableStream} does so for all that reaches
 * standard output and standard error, {@link dev.stillhouse.tools.output.WholeFile} writes files
 * for others whole or not at all, and {@link dev.stillhouse.tools.output.ErrorText} says what went
 * wrong to a person.
 */
@NullMarked
package dev.stillhouse.tools.output;

import org.jspecify.annotations.NullMarked;
