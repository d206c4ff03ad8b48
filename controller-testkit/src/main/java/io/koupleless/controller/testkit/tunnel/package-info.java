/** What every tunnel must do, a tunnel in memory, and bases that speak arklet's wire format. */
@NullMarked
package io.koupleless.controller.testkit.tunnel;

import org.jspecify.annotations.NullMarked;
