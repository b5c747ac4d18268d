package dev.stillhouse.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts names beside points so that they cover neither points nor each other. Near places are tried
 * first; a far one gets a line to its point.
 */
final class Labels {
  private static final double HIGH = 13;
  private static final int STEPS = 12;
  private static final double STEP = 14;

  private final List<Box> taken = new ArrayList<>();
  private final List<Box> names = new ArrayList<>(); // Those of them that are names.
  private final Box frame;

  /** A rectangle. */
  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }

    boolean within(Box other) {
      return left >= other.left
          && right <= other.right
          && top >= other.top
          && bottom <= other.bottom;
    }
  }

  /** Creates labels that stay within a frame. */
  Labels(double left, double top, double right, double bottom) {
    frame = new Box(left, top, right, bottom);
  }

  /** Marks a point as drawn. */
  void point(double x, double y) {
    taken.add(new Box(x - 6, y - 6, x + 6, y + 6));
  }

  /** Marks a line as drawn. */
  void line(double x1, double y1, double x2, double y2) {
    double pieces = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 4));
    for (int i = 0; i <= pieces; i++) {
      double x = x1 + (x2 - x1) * i / pieces;
      double y = y1 + (y2 - y1) * i / pieces;
      taken.add(new Box(x - 2, y - 2, x + 2, y + 2));
    }
  }

  /**
   * Returns a free place for a name at a distance above or below its point; null if there is none.
   */
  private @Nullable Box place(double x, double y, double wide, double away, boolean crossing) {
    double aside = away == 0 ? 9 : 3;
    double[] lefts = {x + aside, x - aside - wide, x - wide / 2, x + 30, x - 30 - wide};
    for (double up : new double[] {-away, away}) {
      for (int side = 0; side < lefts.length; side++) {
        double middle = y + up + (side == 2 ? Math.copySign(15, up) : 0); // Not on the point.
        Box box = new Box(lefts[side], middle - HIGH / 2, lefts[side] + wide, middle + HIGH / 2);
        boolean near = side < 3 || away > 0;
        if (near
            && box.within(frame)
            && taken.stream().noneMatch(box::meets)
            && (crossing || !crosses(box, x, y))) {
          return box;
        }
      }
    }
    return null;
  }

  private static boolean far(Box box, double y) {
    return Math.abs((box.top + box.bottom) / 2 - y) > 16;
  }

  private static double nearX(Box box, double x) {
    return Math.min(Math.max(x, box.left), box.right);
  }

  private static double nearY(Box box, double y) {
    return box.top > y ? box.top : box.bottom;
  }

  /** Returns whether the line from a far name to its point would go through another name. */
  private boolean crosses(Box box, double x, double y) {
    for (int i = 1; far(box, y) && i < 20; i++) {
      double atX = x + (nearX(box, x) - x) * i / 20;
      double atY = y + (nearY(box, y) - y) * i / 20;
      Box dot = new Box(atX - 1, atY - 1, atX + 1, atY + 1);
      if (names.stream().anyMatch(dot::meets)) {
        return true;
      }
    }
    return false;
  }

  /** Adds the name of a point to the chart. */
  void put(Markup chart, double x, double y, String name) {
    double wide = Svg.width(name);
    Box best = null;
    for (int step = 0; step < 2 * STEPS && best == null; step++) {
      // In a crowd a line through a name is better than a name on a name.
      best = place(x, y, wide, step % STEPS * STEP, step >= STEPS);
    }
    if (best == null) { // More points than room: better two names in one place than none.
      best = new Box(x + 9, y - HIGH / 2, x + 9 + wide, y + HIGH / 2);
    }
    taken.add(best);
    names.add(best);
    if (far(best, y)) {
      chart.add(Svg.line("leader", x, y, nearX(best, x), nearY(best, y)));
    }
    chart.add(Svg.text("", best.left, best.bottom - 3, name));
  }
}
