package dev.stillhouse.storage;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type that programs outside of Stillhouse may use. Until 1.0 it may change from one
 * release to the next, with a line in {@code CHANGELOG.md}. All other types may change at any time.
 * {@code docs/reference/api.md} lists the marked ones.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface PublicApi {}
