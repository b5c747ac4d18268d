package dev.stillhouse.storage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;

/** Ways into the JDK's common pool, where nothing of ours may run: a store may be waited for. */
public final class CommonPool {
  /** Each module's classes keep it. */
  public static final ArchRule IS_NOT_USED =
      noClasses()
          .should()
          .accessTargetWhere(
              DescribedPredicate.describe("it leads into the common pool", CommonPool::leadsThere))
          .because("a blocked common pool holds up whatever completes there; see SideBySide")
          .allowEmptyShould(true);

  private CommonPool() {}

  private static boolean leadsThere(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getTarget().getName();
    if (owner.isAssignableTo(Collection.class)) {
      return name.equals("parallelStream");
    }
    if (owner.isAssignableTo(BaseStream.class)) {
      return name.equals("parallel");
    }
    if (owner.isAssignableTo(CompletionStage.class)) {
      boolean timed = List.of("orTimeout", "completeOnTimeout").contains(name);
      boolean async = name.endsWith("Async") || name.equals("delayedExecutor");
      return timed || (async && !takesAnExecutor(access));
    }
    return (owner.isEquivalentTo(ForkJoinPool.class) && name.equals("commonPool"))
        || (owner.isAssignableTo(HttpClient.class) && name.equals("sendAsync"))
        || (owner.isEquivalentTo(Arrays.class) && name.startsWith("parallel"));
  }

  private static boolean takesAnExecutor(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget called
        && called.getRawParameterTypes().stream()
            .anyMatch(type -> type.isEquivalentTo(Executor.class));
  }
}
